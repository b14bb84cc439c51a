// What was read on the materials, masked; what the checklist asks for; what happened so far.

import * as api from "./desk_api.js";
import { field, form, openDialog, say, select } from "./desk_dialog.js";
import { changed, desk, draftOf, keepDraft, mayWrite, save } from "./desk_state.js";
import { showField, showPlace } from "./desk_viewer.js";
import { codes, t } from "./desk_words.js";
import { el } from "./dom.js";

const SHOWN_MS = 60 * 1000;
const shown = new Map(); // what is unmasked for a minute -> its value
const name = (what) => `${desk.case.id}/${what}`;

// ---- unmasking

export const valueOf = (what, masked) => shown.get(name(what)) ?? masked;
export const isShown = (what) => shown.has(name(what));

export function unmask(what, label) {
  const { id } = desk.case;
  return openDialog(t.unmaskTitle(label), (body, close) => {
    const reason = select([["", t.choose], ...Object.entries(codes.unmask_reasons)], { required: true });
    const submit = async () => {
      const { value } = await api.post(api.casePath(id, "/unmask"), { what, reason: reason.value });
      shown.set(`${id}/${what}`, value);
      setTimeout(() => shown.delete(`${id}/${what}`) && desk.case && changed("unmasked"), SHOWN_MS);
      changed("unmasked");
      close(true);
    };
    body.append(form([el("p", {}, t.unmaskHint), field(t.reason, reason)], { submit, label: t.unmask, cancel: () => close() }));
  });
}

export function forgetShown() {
  shown.clear();
}

export function unmaskButton(what, label) {
  if (isShown(what) || !desk.me.roles.some((role) => role === "clerk" || role === "senior")) return null;
  return el("button", { type: "button", class: "quiet small", "aria-label": t.unmaskTitle(label), onclick: () => unmask(what, label) }, t.unmask);
}

// ---- fields

export function fieldsNode() {
  const { fields, materials } = desk.case;
  if (!fields.length) return el("p", { class: "empty" }, t.noFields);
  const groups = materials.map((material) => [material, fields.filter((one) => one.material === material.id)]);
  return el("div", {}, el("p", { class: "fine" }, t.fieldsHint),
    ...groups.filter(([, own]) => own.length).map(([material, own]) => el("section", { class: "group" },
      el("h3", {}, material.kind_name), el("dl", { class: "fields" }, ...own.map(fieldNode)))));
}

function fieldNode(one) {
  const editing = draftOf(`field/${one.id}`);
  const marks = [
    one.corrected && el("span", { class: "tag good" }, t.corrected),
    !one.corrected && one.handwritten && el("span", { class: "tag should", title: t.handwrittenHint }, t.handwritten),
    !one.corrected && !one.handwritten && one.validated && el("span", { class: "tag", title: t.validatedHint }, t.validated),
  ];
  const show = el("button", { type: "button", class: "quiet value", title: t.showPlace, "aria-label": `${t.showPlace}：${one.label}`, onclick: () => showField(one) },
    valueOf(one.id, one.value) || "—");
  const correct = mayWrite() && !editing && el("button", {
    type: "button", class: "quiet small", "data-correct": one.id, "aria-label": t.correctTitle(one.label), onclick: () => startCorrecting(one),
  }, one.handwritten && !one.corrected ? t.typeIn : t.correct);
  return el("div", { class: one.handwritten && !one.corrected ? "doubt" : null },
    el("dt", {}, one.label, ...marks.filter(Boolean)),
    el("dd", {}, show, one.masked && unmaskButton(one.id, one.label), correct, editing && correctForm(one, editing)));
}

function startCorrecting(one) {
  keepDraft(`field/${one.id}`, { value: isShown(one.id) || !one.masked ? valueOf(one.id, one.value) : "" });
  showField(one);
  changed("draft");
  document.querySelector(".correct-form input")?.focus();
}

function correctForm(one, typed) {
  const value = el("input", { type: "text", required: true, autocomplete: "off", maxlength: 500 });
  value.value = typed.value;
  value.addEventListener("input", () => keepDraft(`field/${one.id}`, { value: value.value }));
  const cancel = () => {
    keepDraft(`field/${one.id}`, null);
    changed("draft");
    document.querySelector(`[data-correct="${CSS.escape(one.id)}"]`)?.focus();
  };
  const submit = async () => {
    if (!(await save("/fields", { field: one.id, value: value.value }, null))) return;
    cancel();
    say(t.done);
  };
  const node = form([field(t.valueNow, value, t.correctHint)], { submit, label: t.save, cancel });
  node.classList.add("correct-form");
  node.addEventListener("keydown", (event) => event.key === "Escape" && (event.stopPropagation(), cancel()));
  return node;
}

// ---- materials

export function slotsNode() {
  const one = desk.case;
  const bySlot = (key) => one.files.filter((file) => (file.slot ?? null) === key);
  const slots = one.slots.map((slot) => el("li", { class: slot.filled ? "filled" : slot.need },
    el("div", { class: "slot-head" }, el("strong", {}, slot.name),
      el("span", { class: "tag" }, t.needs[slot.need] ?? ""), slot.may_follow && el("span", { class: "tag" }, t.mayFollow),
      el("span", { class: `tag ${slot.filled ? "good" : slot.need === "required" ? "must" : ""}` }, slot.filled ? t.filled : t.unfilled)),
    slot.note && el("p", { class: "fine" }, slot.note), filesNode(bySlot(slot.key)), kindsNode(slot.key)));
  const loose = bySlot(null);
  if (loose.length) slots.push(el("li", {}, el("div", { class: "slot-head" }, el("strong", {}, t.noSlot)), filesNode(loose)));
  return el("ul", { class: "slots" }, ...slots);
}

function filesNode(files) {
  if (!files.length) return null;
  return el("ul", { class: "files" }, ...files.map((file) => el("li", {},
    el("button", { type: "button", class: "quiet", disabled: !file.pages.length, onclick: () => showPlace({ file: file.id, ...file.pages[0] }) }, file.name),
    file.problem_text && el("p", { class: "problem" }, file.problem_text))));
}

function kindsNode(slot) {
  const kinds = desk.case.materials.filter((material) => material.slot === slot).map((material) => material.kind_name);
  return kinds.length ? el("p", { class: "fine" }, [...new Set(kinds)].join("、")) : null;
}

// ---- history

export function historyNode() {
  const one = desk.case;
  const at = (when) => new Date(when).toLocaleString("zh-CN", { year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
  const notices = one.notices.map((notice) => el("li", {},
    el("a", { href: api.noticeAddress(one.id, notice.id, "html"), target: "_blank", rel: "noopener" }, codes.papers[notice.kind] ?? notice.number),
    el("span", { class: "fine" }, ` ${notice.number} ${at(notice.date)} `),
    ...["pdf", "docx"].map((kind) => el("a", { class: "format", href: api.noticeAddress(one.id, notice.id, kind) }, kind.toUpperCase()))));
  const events = [...one.events].reverse().map((event) => el("li", {},
    el("time", { datetime: event.at }, at(event.at)), el("strong", {}, event.label),
    el("span", { class: "fine" }, event.actor), event.text && el("p", {}, event.text)));
  return el("div", {},
    notices.length > 0 && el("section", { class: "group" }, el("h3", {}, t.notices), el("ul", { class: "notices" }, ...notices)),
    el("section", { class: "group" }, el("h3", {}, t.history),
      events.length ? el("ol", { class: "events" }, ...events) : el("p", { class: "empty" }, t.noHistory)));
}
