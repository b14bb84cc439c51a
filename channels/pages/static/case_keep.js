// What this browser keeps of a case: its key for this tab, what was typed and not sent yet, and, where asked for, the link for later.

import { forever, forThisTab, readJson } from "./storage.js";

const OPEN = "xiaoxin.case";
const TYPED = "xiaoxin.case.typed";
const MINE = "xiaoxin.case.mine";
const LINK = /#([A-Za-z0-9_-]{8,64})\.([A-Za-z0-9_-]{20,128})\s*$/;

// {id, key} of a private link, null where it is none.
export function readLink(text) {
  const found = String(text).match(LINK);
  return found && { id: found[1], key: found[2] };
}

export function linkOf({ id, key }) {
  return `${location.origin}/case#${id}.${key}`;
}

// The key leaves the address at once: no history and no screenshot of the bar holds it.
export function takeFromAddress() {
  const given = readLink(location.hash);
  if (given) keepOpen(given);
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  return given;
}

export function openCase() {
  const kept = readJson(forThisTab, OPEN, null);
  return kept?.id && kept?.key ? kept : null;
}

// What was typed for another case is not for this one.
export function keepOpen({ id, key, link, name }) {
  if (openCase()?.id !== id) keepTyped("form", null);
  forThisTab.set(OPEN, JSON.stringify({ id, key, link, name }));
}

export function typed(part) {
  return readJson(forThisTab, TYPED, {})[part] ?? {};
}

export function keepTyped(part, values) {
  const all = readJson(forThisTab, TYPED, {});
  if (values) all[part] = values;
  else delete all[part];
  forThisTab.set(TYPED, JSON.stringify(all));
}

// Everything that the tab holds; what was remembered on purpose stays on an own device.
export function wipe() {
  forThisTab.remove(OPEN);
  forThisTab.remove(TYPED);
}

export function remembered() {
  const found = readJson(forever, MINE, []);
  return Array.isArray(found) ? found.filter((one) => one.id && one.key) : [];
}

export function remember(one) {
  forever.set(MINE, JSON.stringify([one, ...remembered().filter((other) => other.id !== one.id)].slice(0, 20)));
}

export function forget(id) {
  forever.set(MINE, JSON.stringify(remembered().filter((one) => one.id !== id)));
}
