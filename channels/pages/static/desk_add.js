// 新增: what the machine did not see, in an officer's words.

import { field, form, say, select } from "./desk_dialog.js";
import { changed, desk, draftOf, keepDraft, save } from "./desk_state.js";
import { t } from "./desk_words.js";
import { el } from "./dom.js";

const NAMES = ["title", "citizen_text", "action", "slot", "basis"];

export function addForm() {
  if (!draftOf("add")) {
    return el("div", { class: "add" }, el("button", { type: "button", id: "add", "aria-keyshortcuts": "n", onclick: startAdding }, t.addFinding, el("kbd", {}, "n")));
  }
  const controls = addControls("add");
  const cancel = () => {
    keepDraft("add", null);
    changed("draft");
    document.getElementById("add")?.focus();
  };
  const submit = async () => {
    if (!(await save("/added", given("add"), null))) return;
    cancel();
    say(t.done);
  };
  const node = form(controls, { submit, label: t.save, cancel });
  node.addEventListener("keydown", (event) => event.key === "Escape" && (event.stopPropagation(), cancel()));
  return el("div", { class: "add" }, el("h3", {}, t.addFinding), el("p", { class: "fine" }, t.addHint), node);
}

export function startAdding() {
  keepDraft("add", {});
  changed("draft");
  document.querySelector(".add input")?.focus();
  document.querySelector(".add").scrollIntoView({ block: "nearest" });
}

// What was typed under `place`, as the server wants it.
export function given(place) {
  const typed = draftOf(place) ?? {};
  return Object.fromEntries(NAMES.map((name) => [name, (typed[name] ?? "").trim()]).filter(([, text]) => text));
}

export function addControls(place) {
  const typed = draftOf(place) ?? {};
  const control = (name, node) => {
    node.value = typed[name] ?? "";
    node.addEventListener("input", () => keepDraft(place, { [name]: node.value }));
    return node;
  };
  const listed = `actions-${place.replaceAll("/", "-")}`;
  return [
    field(t.addTitle, control("title", el("input", { type: "text", required: true, maxlength: 100 }))),
    field(t.addText, control("citizen_text", el("textarea", { rows: 2, required: true, maxlength: 500 }))),
    field(t.addAction, control("action", el("input", { type: "text", required: true, maxlength: 100, list: listed }))),
    el("datalist", { id: listed }, ...t.actions.map((value) => el("option", { value }))),
    field(t.addSlot, control("slot", select([["", t.anySlot], ...desk.case.slots.map((slot) => [slot.key, slot.name])]))),
    field(t.addBasis, control("basis", el("input", { type: "text", maxlength: 200 }))),
  ];
}
