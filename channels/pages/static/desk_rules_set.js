// The rules of one item: what is in force, its versions, and one of them with what may be done to it.

import * as api from "./desk_api.js";
import { sentence } from "./desk_dialog.js";
import { changesOf, replayOf, ruleList } from "./desk_rules_list.js";
import { goTo, itemOf, mayWrite, rules, versionsOf } from "./desk_rules_state.js";
import { stepsOf } from "./desk_rules_steps.js";
import { uploadButton, uploadNode } from "./desk_rules_upload.js";
import { r } from "./desk_rules_words.js";
import { t } from "./desk_words.js";
import { el } from "./dom.js";

let asked = 0;

// Draws what `rules.item` and `rules.version` name. A later call makes an earlier one that is still waiting void.
export async function drawSet(place) {
  const mine = ++asked;
  const item = itemOf(rules.item);
  if (!item) {
    place.replaceChildren(uploadNode(), nothing());
    return;
  }
  const scrolled = place.dataset.shown === `${rules.item}/${rules.version}` ? place.scrollTop : 0;
  if (!scrolled) place.replaceChildren(headOf(item, null), uploadNode(), el("p", { class: "empty" }, t.loading));
  try {
    const [version, told, before] = await Promise.all([
      rules.version ? api.get(`/rulesets/${encodeURIComponent(rules.version)}`) : null,
      api.get(rules.version ? `/rulesets/${encodeURIComponent(rules.version)}/rules` : `/rulesets/in-force/${encodeURIComponent(item.item)}/rules`),
      rules.version ? api.get(`/rulesets/in-force/${encodeURIComponent(item.item)}/rules`).catch(() => null) : null,
    ]);
    if (mine !== asked) return;
    draw(place, item, version, told, before);
    place.dataset.shown = `${rules.item}/${rules.version}`;
    place.scrollTop = scrolled;
  } catch (failure) {
    if (mine !== asked) return;
    place.replaceChildren(headOf(item, null), uploadNode(), el("p", { class: "problem", role: "alert" }, item.problem ?? sentence(failure)), versionTable(item));
  }
}

const nothing = () => el("div", { class: "nothing" }, el("p", {}, r.pick), el("p", { class: "fine" }, r.pickHint),
  mayWrite() ? el("p", {}, uploadButton()) : el("p", { class: "fine" }, r.readOnly));

function draw(place, item, version, told, before) {
  const changes = version ? version.changes : { added: [], changed: [], removed: [] };
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.act ?? "" : null;
  place.replaceChildren(
    headOf(item, version),
    uploadNode(),
    el("div", { class: "rule-body" },
      item.item === "every" ? el("p", { class: "fine" }, r.everyHint) : null,
      versionTable(item),
      version ? stepsOf(version, told) : null,
      version ? changesOf(changes, told) : null,
      version && version.replay !== null ? replayOf(version.replay, told, before) : null,
      ...told.problems.map((text) => el("p", { class: "problem" }, text)),
      !version && !item.rules ? el("p", { class: "warn" }, r.noOwn) : ruleList(item, told, before, changes)));
  if (focused && !place.contains(document.activeElement)) (place.querySelector(`[data-act="${focused}"]`) ?? place.querySelector("[data-act]"))?.focus({ preventScroll: true });
}

function headOf(item, version) {
  const address = version ? encodeURIComponent(version.id) : `in-force/${encodeURIComponent(item.item)}`;
  const of = version ? version.version : r.inForce;
  const link = (suffix, what) => el("a", { class: "button", href: api.rulesAddress(address, suffix), download: "", "aria-label": r.downloadOf(what, of) }, what);
  return el("header", { class: "rule-head" },
    el("h2", { tabindex: "-1" }, item.item_name),
    el("span", { class: "tag state" }, version ? version.state_label : item.origin_label ? r.inForceOf(item.origin_label) : r.ruleCount(0)),
    el("div", { class: "buttons" }, el("span", { class: "fine" }, r.download), link("xlsx", r.sheet), link("yaml", r.yaml), mayWrite() ? uploadButton() : null));
}

function versionTable(item) {
  const versions = versionsOf(item.item);
  const own = versions.find((one) => one.state === "published" && one.sha256 === item.sha256);
  const rows = versions.map((one) => versionRow(one, item));
  if (item.sha256 && !own) rows.unshift(inForceRow(item));
  if (!rows.length) return null;
  return el("section", { "aria-label": r.versions },
    el("table", { class: "rule-versions" },
      el("thead", {}, el("tr", {}, ...r.columns.map((name) => el("th", { scope: "col" }, name)))), el("tbody", {}, ...rows)));
}

function row(current, open, cells) {
  const [name, ...rest] = cells;
  const button = el("button", { type: "button", class: "link", "aria-current": current ? "true" : null, onclick: open }, ...name);
  return el("tr", { class: current ? "current" : null }, el("th", { scope: "row" }, button), ...rest.map((cell) => el("td", {}, cell)));
}

const inForceRow = (item) => row(rules.version === null, () => goTo(item.item), [
  [el("span", { class: "hash" }, item.sha256.slice(0, 12))], r.from(item.effective_from),
  el("span", { class: "tag good" }, r.inForce), item.origin_label, "—", "—"]);

function versionRow(one, item) {
  const waiting = ["draft", "tested"].includes(one.state);
  const approval = one.approved_by_name ?? (waiting ? (one.approvers.length ? r.waitsFor(one.approvers) : r.nobody) : "—");
  return row(rules.version === one.id, () => goTo(item.item, one.id), [
    [el("span", { class: "hash" }, one.sha256.slice(0, 12))], r.from(one.effective_from), stateTag(one, item),
    r.by(one.author_name, day(one.created_at)), approval,
    one.differences === null ? r.notReplayed : r.differences(one.differences)]);
}

function stateTag(one, item) {
  if (one.state === "published" && one.sha256 === item.sha256) return el("span", { class: "tag good" }, r.inForce);
  if (one.state === "published") return el("span", { class: "tag" }, one.effective_from > rules.today ? r.state.coming : r.replaced);
  const kind = { draft: "", tested: "should", approved: "doubt", retired: "" }[one.state];
  return el("span", { class: `tag ${kind}` }, r.state[one.state] ?? one.state_label);
}

export const day = (moment) => new Date(moment).toLocaleDateString("zh-CN", { year: "numeric", month: "2-digit", day: "2-digit" }).replaceAll("/", "-");
