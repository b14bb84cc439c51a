// Rules as they are read: one line each, opened to its parameters, sentences and examples, with what changed in it.

import { figuresOf, mayOpenCases } from "./desk_rules_state.js";
import { r } from "./desk_rules_words.js";
import { el } from "./dom.js";

const SHOWN_CASES = 8;
const SHORT_ID = 8;
const open = new Set(); // item and rule of what was opened
let onlyChanged = false;

const percent = (share) => (share === null ? "—" : `${Math.round(share * 100)}%`);
const severityTag = (one) => el("span", { class: `tag ${one.severity}` }, one.severity_label);

// against what is in force ------------------------------------------------------------------------------------------

export function changesOf(changes, told) {
  const { added, changed, removed } = changes;
  const none = !added.length && !changed.length && !removed.length;
  return el("p", { class: "rule-changes" }, told.rules.length && none ? r.same : r.summary(added.length, changed.length, removed.length));
}

export function replayOf(replay, told, before) {
  const lines = new Map();
  for (const one of replay) {
    const key = [one.rule, one.slot, one.before, one.after].join("\n");
    const line = lines.get(key) ?? { ...one, cases: [] };
    line.cases.push(one.case);
    lines.set(key, line);
  }
  const titles = new Map([...(before?.rules ?? []), ...told.rules].map((one) => [one.id, one.title]));
  const slots = { ...before?.slots, ...told.slots };
  const outcome = (code) => (code === null ? el("span", { class: "fine" }, r.noRule)
    : el("span", { class: `tag ${{ pass: "good", fail: "must", undetermined: "doubt" }[code] ?? ""}` }, r.outcomes[code]));
  const rows = [...lines.values()].sort((one, other) => other.cases.length - one.cases.length).map((one) => el("tr", {},
    el("th", { scope: "row" }, titles.get(one.rule) ?? one.rule), el("td", {}, slots[one.slot] ?? one.slot ?? "—"),
    el("td", {}, outcome(one.before)), el("td", {}, outcome(one.after)), el("td", { class: "number" }, String(one.cases.length)),
    el("td", {}, ...caseLinks(one.cases))));
  return el("section", { class: "rule-replay", "aria-label": r.replay },
    el("h3", {}, r.replay), el("p", { class: "fine" }, rows.length ? r.replayHint : r.replayNone),
    rows.length ? el("table", {}, head(r.replayColumns, 4), el("tbody", {}, ...rows)) : null);
}

function caseLinks(ids) {
  const shown = ids.slice(0, SHOWN_CASES).map((id) =>
    mayOpenCases() ? el("a", { class: "case-link", href: `#cases/${id}` }, id.slice(0, SHORT_ID)) : el("span", { class: "case-link" }, id.slice(0, SHORT_ID)));
  return ids.length > SHOWN_CASES ? [...shown, el("span", { class: "fine" }, r.others3(ids.length))] : shown;
}

const head = (columns, number = -1) => el("thead", {}, el("tr", {}, ...columns.map((name, at) => el("th", { scope: "col", class: at === number ? "number" : null }, name))));

// the rules -----------------------------------------------------------------------------------------------------------

export function ruleList(item, told, before, changes) {
  const old = new Map((before?.rules ?? []).map((one) => [one.id, one]));
  const changed = changes.added.length + changes.changed.length > 0;
  const mark = (one) => (changes.added.includes(one.id) ? "added" : changes.changed.includes(one.id) ? "changed" : null);
  const list = el("div", { class: "rule-list" });
  const draw = () => {
    const shown = told.rules.filter((one) => !(changed && onlyChanged) || mark(one));
    list.replaceChildren(...shown.map((one) => ruleNode(item, one, mark(one), old.get(one.id))));
  };
  const all = (opened) => () => {
    for (const one of told.rules) opened ? open.add(`${item.item}/${one.id}`) : open.delete(`${item.item}/${one.id}`);
    draw();
  };
  const only = el("input", { type: "checkbox" });
  only.checked = onlyChanged;
  only.addEventListener("change", () => {
    onlyChanged = only.checked;
    draw();
  });
  draw();
  const removed = (before?.rules ?? []).filter((one) => changes.removed.includes(one.id));
  return el("section", { "aria-label": r.rules(told.rules.length) },
    el("div", { class: "rule-list-head" }, el("h3", {}, r.rules(told.rules.length)),
      changed ? el("label", { class: "check" }, only, el("span", {}, r.onlyChanged)) : null,
      el("button", { type: "button", class: "quiet", onclick: all(true) }, r.openAll), el("button", { type: "button", class: "quiet", onclick: all(false) }, r.closeAll)),
    list,
    removed.length ? el("div", { class: "rule-list gone" }, el("h3", {}, r.removedTitle(removed.length)), ...removed.map((one) => ruleNode(item, one, "removed", null))) : null);
}

function ruleNode(item, one, mark, old) {
  const key = `${item.item}/${one.id}`;
  const node = el("details", { class: "rule", "data-rule": one.id, open: open.has(key) });
  const fill = () => node.childElementCount > 1 || node.append(bodyOf(item, one, mark === "changed" ? old : null));
  node.addEventListener("toggle", () => {
    if (node.open) open.add(key);
    else open.delete(key);
    if (node.open) fill();
  });
  const figures = figuresOf(item.item, one.id);
  const right = one.examples.filter((each) => each.ok).length;
  node.append(el("summary", {},
    el("span", { class: "rule-title" }, ...filled(one.title, one)),
    el("span", { class: "fine check-name" }, one.check_label),
    severityTag(one),
    mark && el("span", { class: `tag ${{ added: "good", changed: "should", removed: "must" }[mark]}` }, r.marks[mark]),
    figures?.demoted && el("span", { class: "tag must" }, r.demoted),
    one.problems.length ? el("span", { class: "tag must" }, r.problems(one.problems.length)) : null,
    el("span", { class: "rule-counts" },
      el("span", { class: right < one.examples.length ? "wrong" : null }, one.examples.length ? r.examplesOk(right, one.examples.length) : r.noExamples),
      el("span", {}, figures ? r.figures(percent(figures.precision), percent(figures.recall)) : r.figuresNone))));
  if (node.open) fill();
  return node;
}

function bodyOf(item, one, old) {
  const was = (name) => old && (old[name] ?? null) !== (one[name] ?? null) ? el("del", { class: "was" }, r.was(old[name] || r.nothing)) : null;
  const figures = figuresOf(item.item, one.id);
  const row = (name, ...value) => el("div", {}, el("dt", {}, name), el("dd", {}, ...value));
  return el("div", { class: "rule-inside" },
    ...one.problems.map((text) => el("p", { class: "problem" }, text)),
    figures?.demoted ? el("p", { class: "warn" }, r.demotedHint) : null,
    el("dl", { class: "rows" },
      row(r.rows.check, one.check_label, was("check_label"), one.manual && el("details", { class: "manual" }, el("summary", {}, r.manual), el("pre", {}, one.manual))),
      one.kind_name && row(r.rows.kind, one.kind_name, was("kind_name")),
      one.slot_name && !one.kind_name && row(r.rows.slot, one.slot_name, was("slot_name")),
      ...one.parameters.map((each) => row(each.label, each.value, wasParameter(old, each))),
      ...(old?.parameters ?? []).filter((each) => !one.parameters.some((now) => now.name === each.name)).map((each) => row(each.label, el("del", { class: "was" }, r.was(each.value)))),
      row(r.rows.when, one.when ? el("span", { title: one.when_written }, one.when) : el("span", { class: "fine" }, r.always), was("when")),
      row(r.rows.severity, one.severity_label, was("severity_label")),
      row(r.rows.basis, one.basis ?? el("span", { class: "fine" }, r.noBasis), one.quote && el("q", {}, one.quote), was("basis"), was("quote")),
      row(r.rows.text, ...filled(one.citizen_text, one), was("citizen_text")),
      row(r.rows.action, ...filled(one.action, one), was("action")),
      one.local_label && row(r.rows.local, one.local_label, was("local_label")),
      (one.effective_from || one.effective_to) && row(r.rows.days, r.span(one.effective_from, one.effective_to)),
      figures && row(r.figuresRow, `${r.figures(percent(figures.precision), percent(figures.recall))}，${r.blindRecall(percent(figures.blind_recall))}，${r.figuresLong(figures)}`),
      row(r.rows.id, el("span", { class: "hash" }, one.id))),
    one.examples.length ? examplesOf(one, old) : null);
}

// A sentence with its places to fill marked; the name of the material is filled in.
function filled(text, one) {
  const name = one.kind_name ?? one.slot_name;
  return text.split(/(\{[^{}]*\})/).filter(Boolean).map((part) =>
    part === "{name}" && name ? name : /^\{.*\}$/.test(part) ? el("span", { class: "fill", title: r.fillHint }, part) : part);
}

function wasParameter(old, now) {
  const before = old?.parameters.find((each) => each.name === now.name)?.value;
  return old && before !== now.value ? el("del", { class: "was" }, r.was(before ?? r.nothing)) : null;
}

function examplesOf(one, old) {
  const known = new Set((old?.examples ?? []).map(factsOf));
  const rows = one.examples.map((each) => el("tr", { class: each.ok ? null : "wrong" },
    el("td", {}, each.wanted_label),
    el("td", {}, el("span", { class: `tag ${each.ok ? "good" : "must"}` }, each.outcome_label ?? r.cannotTry)),
    el("td", {}, old && !known.has(factsOf(each)) ? el("span", { class: "tag should" }, r.marks.added) : null,
      el("ul", { class: "facts" }, ...each.facts.map((fact) => el("li", {}, el("span", { class: "fine" }, `${fact.label} `), fact.value)))),
    el("td", {}, each.detail || (each.ok ? "" : each.problem))));
  return el("table", { class: "rule-examples" }, el("caption", {}, r.examples), head(r.exampleColumns), el("tbody", {}, ...rows));
}

const factsOf = (each) => each.wanted + JSON.stringify(each.facts);
