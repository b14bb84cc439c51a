// The findings of a case, one opened at a time, each with what an officer says to it.

import { decisionForms, startDecision } from "./desk_decide.js";
import { blindList, matching } from "./desk_blind.js";
import { sentence, say } from "./desk_dialog.js";
import { addForm } from "./desk_add.js";
import { allFindings, desk, found, look, mayWrite, take } from "./desk_state.js";
import * as api from "./desk_api.js";
import { glance, showPlace, snippet } from "./desk_viewer.js";
import { codes, t } from "./desk_words.js";
import { el } from "./dom.js";

const GLANCE_MS = 200;
let waiting = 0;
let near = null; // key of the finding over which the pointer was moved
let opening = null;

export function findingsNode() {
  const one = desk.case;
  if (one.blind) return blindList();
  const all = allFindings();
  const parts = [verdictNode(one)];
  if (one.changes) parts.push(changesNode(one.changes));
  parts.push(all.length
    ? el("ol", { class: "findings" }, ...all.map(findingNode))
    : el("p", { class: "empty" }, one.verdict ? t.nothingFound : ""));
  if (mayWrite()) parts.push(addForm());
  parts.push(checksNode(t.passedTitle, one.checks_passed), checksNode(t.notApplicable, one.checks_not_applicable));
  return el("div", {}, ...parts.filter(Boolean));
}

function verdictNode(one) {
  if (!one.verdict) return null;
  const open = one.findings.filter((finding) => finding.status !== "hint");
  const decided = open.filter((finding) => finding.decision).length;
  return el("div", { class: `verdict ${one.verdict.verdict}` },
    el("p", {}, el("strong", {}, one.verdict.headline)),
    el("p", { class: "fine" }, t.notADecision),
    open.length > 0 && el("p", { class: "fine" }, el("progress", { value: decided, max: open.length, "aria-hidden": "true" }), ` ${t.progress(decided, open.length)}`));
}

function changesNode(changes) {
  const lines = Object.entries(t.changes).filter(([name]) => changes[name]?.length).map(([name, label]) =>
    el("p", { class: name }, el("strong", {}, `${label} ${changes[name].length}：`), changes[name].join("；")));
  return lines.length ? el("div", { class: "changes" }, ...lines) : null;
}

function checksNode(title, checks) {
  if (!checks?.length) return null;
  return el("details", { class: "checks-list" }, el("summary", {}, title(checks.length)),
    el("ul", {}, ...checks.map((one) => el("li", {}, one.title, one.detail && el("span", { class: "fine" }, ` ${one.detail}`)))));
}

function findingNode(finding) {
  const chosen = finding.key === desk.finding;
  const kind = finding.status === "undetermined" ? "doubt" : finding.severity;
  const head = el("button", {
    type: "button", class: "finding-head", "aria-expanded": String(chosen), "data-finding": finding.key,
    onclick: () => (clearTimeout(waiting), look(finding.key)), onfocus: () => glance(finding),
  },
  el("span", { class: `tag ${kind}` }, kindLabel(finding)),
  el("span", { class: "finding-title" }, finding.title), standingTag(finding));
  const node = el("li", { class: `finding ${kind}${chosen ? " chosen" : ""}` }, el("h3", {}, head), chosen && bodyNode(finding));
  // A pointer that rests is no wish: findings move below it when one is opened.
  node.addEventListener("pointermove", ({ movementX, movementY }) => {
    if (near === finding.key || !(movementX || movementY)) return;
    near = finding.key;
    clearTimeout(waiting);
    waiting = setTimeout(() => glance(finding), GLANCE_MS);
  });
  node.addEventListener("pointerleave", () => {
    near = null;
    clearTimeout(waiting);
    glance(null);
  });
  return node;
}

function kindLabel(finding) {
  if (finding.own) return t.added;
  if (finding.status === "undetermined") return t.undetermined;
  return finding.status === "hint" ? t.severity.hint : t.failed(t.severity[finding.severity]);
}

function standingTag(finding) {
  if (finding.own || finding.status === "hint") return null;
  if (!finding.decision) return el("span", { class: "tag" }, finding.must_open && !finding.opened ? t.mustOpen : t.notDecided);
  const { kind, reason } = finding.decision;
  return el("span", { class: `tag ${kind === "dismiss" ? "" : "good"}` }, codes.decisions[kind] + (reason ? `：${codes.dismiss[reason]}` : ""));
}

function bodyNode(finding) {
  const rows = [
    [t.compared, finding.detail], [t.told, told(finding)], [t.action, finding.action], [t.basis, finding.basis],
    [t.requirement, slotName(finding.slot)], [t.rule, finding.version && t.ruleOf(finding.rule, finding.version)],
  ].filter(([, text]) => text);
  return el("div", { class: "finding-body" },
    evidenceNode(finding),
    el("dl", { class: "rows" }, ...rows.map(([name, text]) => el("div", {}, el("dt", {}, name), el("dd", {}, text)))),
    finding.repeat && el("p", { class: "warn" }, el("strong", {}, `${t.repeat}：`), t.repeatHint),
    finding.own ? matching(finding) : decisionForms(finding, open));
}

const told = (finding) => (finding.decision?.kind === "amend" ? finding.decision.text : finding.citizen_text);

export const slotName = (key) => key && (desk.case.slots.find((slot) => slot.key === key)?.name ?? key);

function evidenceNode(finding) {
  if (!finding.evidence.length) return el("p", { class: "fine" }, t.noEvidence);
  const names = new Map(desk.case.files.map((file) => [file.id, file.name]));
  return el("ul", { class: "evidence", "aria-label": t.evidence }, ...finding.evidence.map((place) =>
    el("li", {}, el("button", { type: "button", onclick: () => showPlace(place) },
      snippet(place), el("span", { class: "fine" }, t.evidenceAt(names.get(place.file) ?? "", place.page)),
      place.quote && el("q", {}, place.quote)))));
}

// Looking at what could not be judged is entered; only then may it be decided.
export async function open(finding = found()) {
  if (!finding) return;
  if (finding.evidence.length) showPlace(finding.evidence[0]);
  if (!finding.must_open || finding.opened || !mayWrite()) return;
  const { id } = desk.case;
  opening = api.post(api.casePath(id, `/findings/${encodeURIComponent(finding.key)}/open`)).then(
    (fresh) => desk.case?.id === id && take(fresh),
    (failure) => say(sentence(failure)));
  await opening;
}

// 采纳 is one act; 驳回 and 修改 first ask for words. What may be asked for a second time only with a reason asks for it.
export async function decide(kind, key = desk.finding) {
  await opening;
  const finding = found(key);
  if (!finding || finding.own || finding.status === "hint" || !mayWrite()) return;
  if (finding.must_open && !finding.opened) {
    say(t.mustOpen);
    return;
  }
  startDecision(finding, kind);
}

export function focusFinding() {
  document.querySelector(`[data-finding="${CSS.escape(desk.finding ?? "")}"]`)?.focus();
}
