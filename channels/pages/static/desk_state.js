// The open case, what is looked at in it, and what was typed but not saved. Whoever draws asks to be told of changes.

import * as api from "./desk_api.js";
import { say, sentence } from "./desk_dialog.js";
import { changesBetween } from "./desk_changes.js";
import { t } from "./desk_words.js";

export const desk = {
  me: null,
  case: null,
  finding: null, // key of the finding that is looked at
  tab: "findings",
  news: null, // { title, hint, lines } of what others changed meanwhile
  drafts: new Map(), // place of a form -> what was typed there
};

const listeners = new Set();
let saving = Promise.resolve();
let unsaved = 0;

export const onChange = (listener) => listeners.add(listener);

export function changed(what = "case") {
  for (const listener of listeners) listener(what);
}

export const draftOf = (place) => desk.drafts.get(`${desk.case.id}/${place}`) ?? null;

export function keepDraft(place, typed) {
  const name = `${desk.case.id}/${place}`;
  if (typed === null) desk.drafts.delete(name);
  else desk.drafts.set(name, { ...desk.drafts.get(name), ...typed });
}

// The case as the server has it now; whatever is drawn follows.
export function take(fresh) {
  desk.case = fresh;
  if (!allFindings().some((one) => one.key === desk.finding)) desk.finding = allFindings()[0]?.key ?? null;
  changed();
}

export async function reload({ quiet = false } = {}) {
  const { id } = desk.case;
  const fresh = await api.get(api.casePath(id), { quiet });
  if (desk.case?.id === id) take(fresh);
  return fresh;
}

// One change after the other, each with the version that the one before left. Says whether it was saved.
export function save(path, body = {}, told = t.done) {
  const { id } = desk.case;
  unsaved += 1;
  const next = saving.then(() => saveNow(id, path, body, told)).finally(() => (unsaved -= 1));
  saving = next.catch(() => null);
  return next;
}

export const isSaving = () => unsaved > 0;

async function saveNow(id, path, body, told) {
  if (desk.case?.id !== id) return false;
  try {
    const fresh = await api.post(api.casePath(id, path), { version: desk.case.version, ...body });
    if (desk.case?.id === id) take(fresh);
    if (told) say(told);
    return true;
  } catch (failure) {
    if (failure.status !== 409) throw failure;
    await conflict(id, failure);
    return false;
  }
}

async function conflict(id, failure) {
  const before = desk.case;
  const fresh = failure.body.case ?? (await api.get(api.casePath(id)));
  if (desk.case?.id !== id) return;
  desk.news = { title: sentence(failure), hint: t.conflictHint, lines: changesBetween(before, fresh) };
  take(fresh);
}

// What a case holds to be gone through, in the order in which it is shown: the machine's findings, then officers' own.
export function allFindings() {
  const one = desk.case;
  if (!one || one.blind) return [];
  return [...one.findings, ...(one.added ?? []).map(asFinding)];
}

const asFinding = (added) => ({
  evidence: [], basis: "", detail: "", status: "fail", severity: "must", ...added, key: `${added.id}:${added.slot ?? ""}`, own: true,
});

export const found = (key = desk.finding) => allFindings().find((one) => one.key === key) ?? null;

export function look(key) {
  if (desk.finding === key) return;
  desk.finding = key;
  changed("finding");
}

export function step(by) {
  const all = allFindings();
  if (!all.length) return;
  const at = all.findIndex((one) => one.key === desk.finding);
  look(all[Math.min(Math.max(at + by, 0), all.length - 1)].key);
}

export function showTab(tab) {
  desk.tab = tab;
  changed("tab");
}

const running = (one) => Boolean(one?.claimed_by) && new Date(one.claim_until) > new Date();
export const isMine = (one = desk.case) => running(one) && one.mine;
export const isOthers = (one = desk.case) => running(one) && !one.mine;
export const holderName = (one) => one.claimed_by?.name ?? t.somebody;

// Whether this person may write findings now: where the case is worked on, and nobody else holds it.
const AT_WORK = ["awaiting_clerk", "accepted_with_gap", "gap_passed", "accepted", "deemed_accepted", "examining"];
export const mayWrite = () => desk.me.roles.includes("clerk") && AT_WORK.includes(desk.case.state) && !isOthers();
