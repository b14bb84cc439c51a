// What the page knows of rules, and what is looked at. Whoever draws asks to be told when all was read anew.

import * as api from "./desk_api.js";

export const rules = {
  me: null,
  today: null,
  items: [],
  versions: [], // of every item, the newest first
  figures: [],
  item: null, // id of the item that is looked at
  version: null, // id of the version that is looked at; null for what is in force
  found: "", // what is searched for
  others: false, // whether items without rules are listed
};

let asked = 0;
let redraw = async () => {};

export const mayWrite = () => rules.me.roles.some((role) => ["editor", "senior"].includes(role));
export const mayOpenCases = () => rules.me.roles.some((role) => ["clerk", "senior", "auditor"].includes(role));
export const goTo = (item, version = null) => (location.hash = version ? `#rules/${item}/${version}` : `#rules/${item}`);
export const itemOf = (id) => rules.items.find((one) => one.item === id) ?? null;
export const versionsOf = (id) => rules.versions.filter((one) => one.item === id);

// `draw` gets what went wrong, if anything did.
export const onReload = (draw) => (redraw = draw);

// Everything as the server has it now.
export async function reloadRules() {
  const mine = ++asked;
  try {
    const [found, versions, figures] = await Promise.all([api.get("/rulesets/items"), api.get("/rulesets"), api.get("/figures")]);
    if (mine !== asked) return;
    Object.assign(rules, { today: found.today, items: found.items, versions, figures: figures.rules });
  } catch (failure) {
    await redraw(failure);
    return;
  }
  await redraw(null);
}

// figures ---------------------------------------------------------------------------------------------------------

// Of the rules in force of one item; those of every item count in each item's own version.
export function figuresOf(item, rule) {
  const mine = rules.figures.filter((one) => one.rule === rule && (item === "every" ? true : one.item === item));
  const now = mine.filter((one) => itemOf(one.item)?.version === one.version);
  if (!now.length) return null;
  if (now.length === 1) return now[0];
  const sum = (name) => now.reduce((all, one) => all + one[name], 0);
  const share = (name, weight) => {
    const counted = now.filter((one) => one[name] !== null);
    const whole = counted.reduce((all, one) => all + one[weight], 0);
    return whole ? counted.reduce((all, one) => all + one[name] * one[weight], 0) / whole : null;
  };
  return { checked: sum("checked"), firings: sum("firings"), precision: share("precision", "firings"), recall: null, blind_recall: null,
    undetermined_rate: share("undetermined_rate", "checked"), demoted: now.some((one) => one.demoted) };
}

export const demotedOf = (one) => rules.figures.filter((each) => each.item === one.item && each.version === one.version && each.demoted);
