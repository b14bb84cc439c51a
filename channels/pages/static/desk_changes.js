// What differs between a case as it was seen and as it is now, in lines for a person.

import { codes, t } from "./desk_words.js";

export function changesBetween(before, after) {
  const lines = [];
  if (before.state !== after.state) lines.push(t.changed.state(before.state_label, after.state_label));
  if (before.round !== after.round) lines.push(t.changed.round(after.round));
  const seen = new Map(before.findings.map((one) => [one.key, spoken(one)]));
  for (const one of after.findings) {
    if (seen.has(one.key) && seen.get(one.key) !== spoken(one)) lines.push(t.changed.decision(one.title, spoken(one)));
  }
  const more = (after.added?.length ?? 0) - (before.added?.length ?? 0);
  if (more > 0) lines.push(t.changed.added(more));
  if (ids(before.files) !== ids(after.files)) lines.push(t.changed.files);
  if (values(before) !== values(after)) lines.push(t.changed.fields);
  if (!lines.length && before.version !== after.version) lines.push(t.changed.other);
  return lines;
}

function spoken({ decision }) {
  if (!decision) return t.notDecided;
  const reason = decision.reason ? `（${codes.dismiss[decision.reason]}）` : "";
  return codes.decisions[decision.kind] + reason;
}

const ids = (files) => files.map((one) => one.id).sort().join();
const values = (one) => (one.fields ?? []).map((field) => `${field.id}=${field.value}${field.corrected}`).join();
