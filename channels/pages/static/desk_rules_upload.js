// A rule file before it is a draft: checked at once, every problem beside it with its cell, nothing lost on the way.

import * as api from "./desk_api.js";
import { field, say, sentence } from "./desk_dialog.js";
import { goTo, reloadRules, rules } from "./desk_rules_state.js";
import { r } from "./desk_rules_words.js";
import { el } from "./dom.js";

// Lives as long as the page, so that looking at other rules, a lock or a lost session leave it as it was.
const upload = { open: false, file: null, day: "", found: null, problem: null, busy: false };
const panel = el("section", { class: "rule-upload", id: "rule-upload", "aria-label": r.upload, hidden: true });
let asked = 0;

export function uploadButton() {
  return el("button", {
    type: "button", class: "primary", "data-act": "upload", "aria-controls": "rule-upload",
    onclick: () => {
      upload.open = true;
      draw();
      panel.scrollIntoView({ block: "nearest" });
      panel.querySelector("input")?.focus();
    },
  }, r.upload);
}

// One panel for the whole section; it stands where rules are shown.
export function uploadNode() {
  if (!panel.childElementCount) draw();
  return panel;
}

function draw() {
  panel.hidden = !upload.open;
  const input = el("input", { type: "file", id: "rule-file", class: "visually-hidden", accept: ".xlsx,.yaml,.yml", "aria-describedby": "rule-file-hint" });
  input.addEventListener("change", () => {
    if (!input.files[0]) return;
    Object.assign(upload, { file: input.files[0], found: null, problem: null });
    examine();
  });
  const date = el("input", { type: "date", id: "rule-day", min: rules.today });
  date.value = upload.day;
  date.addEventListener("change", () => {
    upload.day = date.value;
    if (upload.file) examine();
  });
  panel.replaceChildren(
    el("div", { class: "rule-upload-form" },
      el("div", { class: "rule-file" },
        el("label", { class: "button" }, el("span", {}, upload.file ? r.otherFile : r.file), input),
        el("span", { class: "fine", id: "rule-file-hint" }, upload.file ? r.chosen(upload.file.name) : r.fileHint)),
      field(r.fileDay, date, r.fileDayHint),
      el("div", { class: "buttons" },
        upload.file ? el("button", { type: "button", onclick: () => examine() }, r.recheck) : null,
        upload.file ? el("button", { type: "button", onclick: clear }, r.clear) : null,
        el("button", { type: "button", class: "quiet", onclick: hide }, r.hide))),
    el("div", { class: "rule-upload-told", role: "status" }, ...told()));
}

function told() {
  if (upload.busy) return [el("p", { class: "fine" }, r.checking)];
  if (upload.problem) return [el("p", { class: "problem" }, upload.problem)];
  const { found } = upload;
  if (!found) return [];
  if (found.kept) return [el("p", { class: "warn" }, r.known), el("div", { class: "buttons" }, el("button", { type: "button", onclick: () => goTo(found.kept.item, found.kept.id) }, r.seeKnown))];
  const parts = found.problems.length ? problemList(found) : [el("p", { class: "told good" }, r.good(found.item_name, found.rules, found.effective_from))];
  if (!found.item) return [...parts, el("p", { class: "fine" }, r.unreadFile)];
  const { added, changed, removed } = found.changes;
  const past = found.effective_from < rules.today ? el("p", { class: "warn" }, r.past(rules.today)) : null;
  const label = found.problems.length ? r.keepAnyway(found.problems.length) : r.keep;
  const keepIt = el("button", { type: "button", class: found.problems.length ? null : "primary", "data-act": "keep", onclick: keep }, label);
  const note = found.problems.length ? el("p", { class: "fine" }, r.keepable) : null;
  return [...parts, el("p", {}, r.summary(added.length, changed.length, removed.length)), past, note, el("div", { class: "buttons" }, keepIt)].filter(Boolean);
}

function problemList(found) {
  const lines = found.problems.map((one) => el("li", {}, el("strong", { class: "cell" }, one.place ?? r.whole), el("span", {}, one.message)));
  return [el("h3", {}, r.found(found.problems.length)), el("ol", { class: "rule-problems", tabindex: "0", "aria-label": r.found(found.problems.length) }, ...lines)];
}

const query = () => (upload.day ? `?effective_from=${upload.day}` : "");

// What was chosen is read into memory first: a file that was changed since can no longer be sent.
async function send(path) {
  const name = upload.file.name;
  let data;
  try {
    data = await upload.file.arrayBuffer();
  } catch {
    upload.file = null;
    throw new api.Refused(409, "gone", r.gone);
  }
  const body = new FormData();
  body.append("file", new Blob([data]), name);
  return api.post(path + query(), body);
}

async function examine() {
  const mine = ++asked;
  Object.assign(upload, { busy: true, found: null, problem: null });
  draw();
  try {
    const found = await send("/rulesets/check");
    if (mine !== asked) return;
    upload.found = found;
  } catch (failure) {
    if (mine !== asked) return;
    upload.problem = sentence(failure);
  }
  upload.busy = false;
  draw();
  (panel.querySelector("[data-act=keep], .rule-problems") ?? panel.querySelector("input"))?.focus();
}

async function keep() {
  Object.assign(upload, { busy: true });
  draw();
  try {
    const { version } = await send("/rulesets");
    Object.assign(upload, { open: false, file: null, day: "", found: null, problem: null, busy: false });
    draw();
    say(r.kept);
    await reloadRules();
    goTo(version.item, version.id);
  } catch (failure) {
    Object.assign(upload, { busy: false, problem: sentence(failure) });
    draw();
  }
}

function clear() {
  asked += 1;
  Object.assign(upload, { file: null, day: "", found: null, problem: null, busy: false });
  draw();
  panel.querySelector("input")?.focus();
}

function hide() {
  upload.open = false;
  draw();
  document.querySelector(".rule-set [data-act=upload]")?.focus();
}
