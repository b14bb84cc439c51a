// The steps that are open to this person now. What is in the way of one is said beside it, before it is tried.

import * as api from "./desk_api.js";
import { check, field, form, openDialog, say, select } from "./desk_dialog.js";
import { desk, draftOf, isOthers, keepDraft, save } from "./desk_state.js";
import { codes, t } from "./desk_words.js";
import { el } from "./dom.js";

const GRAVE = ["refuse", "sign_refusal", "end", "withdraw"];
const MAIN = ["request_correction", "draft_acceptance", "sign_acceptance", "sign_refusal", "confirm_gap_filled", "start_examination", "propose_grant", "grant", "refuse", "close", "deliver", "resume"];
const LAST = ["withdraw", "archive", "end"];

export function actionsNode() {
  const may = [...desk.case.may].sort((one, other) => LAST.includes(one.event) - LAST.includes(other.event));
  const why = el("p", { class: "why", role: "status" }, isOthers() ? t.heldByOther : reasons(may));
  const buttons = may.map((one) => actionNode(one, why));
  if (!buttons.length) return el("footer", { class: "actions", "aria-label": t.actionsBar }, el("p", { class: "fine" }, t.noActions));
  return el("footer", { class: "actions", role: "group", "aria-label": t.actionsBar }, el("div", { class: "action-row" }, ...buttons), why);
}

// Why steps are closed, each reason once, with the steps that it closes.
function reasons(may) {
  const closed = new Map();
  for (const one of may) if (!one.allowed) closed.set(one.why_not, [...(closed.get(one.why_not) ?? []), one.label]);
  return [...closed].map(([why, labels]) => `${labels.join("、")}：${why}`).join("  ");
}

// A step that is not open stays within reach of Tab, so that its reason is.
function actionNode(one, why) {
  const closed = !one.allowed || isOthers();
  const reason = isOthers() ? t.heldByOther : one.why_not;
  const kind = closed ? null : GRAVE.includes(one.event) ? "danger" : MAIN.includes(one.event) ? "primary" : null;
  const tell = () => (why.textContent = closed ? `${one.label}：${reason}` : (t.law[one.event] ?? ""));
  const hint = closed && el("span", { class: "visually-hidden" }, `${t.why}：${reason}`);
  return el("button", {
    type: "button", class: kind, "data-event": one.event, "aria-disabled": closed ? "true" : null, title: closed ? reason : null,
    onfocus: tell, onpointerenter: tell, onclick: () => (closed ? (tell(), say(reason)) : confirmEvent(one)),
  }, one.label, hint);
}

export function focusActions() {
  (document.querySelector('.actions [data-event]:not([aria-disabled="true"])') ?? document.querySelector(".actions [data-event]"))?.focus();
}

function confirmEvent(one) {
  const paper = one.notice;
  return openDialog(t.confirm(one.label), (body, close) => {
    const place = `event/${one.event}`;
    const { parts, given } = inputs(one, place);
    const submit = async () => {
      const saved = await save("/events", { event: one.event, ...given() }, null);
      if (saved) {
        keepDraft(place, null);
        say(t.moved(one.label, desk.case.state_label));
      }
      close(saved);
    };
    const consequences = el("section", { class: "law" }, el("h3", {}, t.whatHappens), el("p", {}, t.law[one.event] ?? ""), deadlineLines());
    const asked = form(parts, { submit, label: t.confirm(one.label), danger: GRAVE.includes(one.event), cancel: () => close() });
    if (!paper) return body.append(consequences, asked);
    const frame = paperNode(paper);
    return body.append(el("div", { class: "sign" }, el("div", { class: "form" }, consequences, asked), frame));
  }, { broad: Boolean(paper) });
}

function deadlineLines() {
  const lines = desk.case.deadlines.map((one) => el("li", {}, `${one.label}：${one.date}（${t.workingDays(one.days_left)}）`));
  return lines.length ? el("ul", { class: "fine" }, ...lines) : null;
}

function paperNode(kind) {
  const address = api.draftAddress(desk.case.id, kind);
  const frame = el("iframe", { title: t.preview, src: address });
  return el("section", { class: "paper" }, el("h3", {}, t.preview), el("p", { class: "fine" }, t.previewHint), frame);
}

// What must be given with a step, and how to read it out of the form.
function inputs(one, place) {
  const typed = draftOf(place) ?? {};
  const parts = [];
  const given = [];
  const add = (name, control, node, value) => {
    parts.push(node);
    given.push(() => [name, value()]);
    control.addEventListener("input", () => keepDraft(place, { [name]: value() }));
  };
  if (one.needs.includes("reason")) {
    const text = el("textarea", { rows: 3, required: true, maxlength: 2000 });
    text.value = typed.reason ?? "";
    add("reason", text, field(t.reason, text, t.reasonHint), () => text.value.trim());
  }
  if (one.needs.includes("procedure")) {
    const choice = select([["", t.choose], ...Object.entries(codes.procedures)], { required: true });
    choice.value = typed.procedure ?? "";
    add("procedure", choice, field(t.procedure, choice), () => choice.value);
  }
  if (one.needs.includes("gap_until")) {
    const last = desk.case.promised_until;
    const day = el("input", { type: "date", required: true, max: last ?? null });
    day.value = typed.gap_until ?? last ?? "";
    add("gap_until", day, field(t.gapUntil, day, last ? t.gapHint(last) : null), () => day.value);
  }
  for (const [name, label] of [["commitment", t.commitment], ["credit_checked", t.creditChecked]]) {
    if (!one.needs.includes(name)) continue;
    const box = el("input", { type: "checkbox", required: true });
    add(name, box, check(label, box), () => box.checked);
  }
  return { parts, given: () => Object.fromEntries(given.map((read) => read())) };
}
