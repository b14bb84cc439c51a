// What to hand in, line by line: photograph, choose, see, remove.

import { drawCode, openLink } from "./case_leave.js";
import { el } from "./dom.js";

const TYPES = "image/*,.heic,.heif,application/pdf,.pdf";

export function drawMaterials(app) {
  const { t } = app;
  const open = app.may("add_file");
  const title = el("header", { class: "c-section" }, el("h3", {}, open ? t.handInTitle : t.allFiles), open ? el("p", { class: "c-hint" }, t.handInLead) : "");
  return [title, open ? keepLink(app) : "", drawList(app)];
}

export function drawList(app) {
  const { t } = app;
  const formats = app.may("add_file") ? el("p", { class: "fine" }, t.formats(Math.floor(app.limits.mostBytes / 2 ** 20))) : "";
  return [openQuestions(app), slots(app), loose(app), filledIn(app), formats].flat(2);
}

// On a hall's screen the phone is the camera; on a phone the link is what is lost first.
function keepLink(app) {
  const { t } = app;
  if (app.shared) return el("section", { class: "c-card c-keep" }, el("div", {}, el("h4", {}, t.onPhone), el("p", {}, t.onPhoneLead)), drawCode(app));
  return el(
    "section",
    { class: "c-card c-keep" },
    el("div", {}, el("h4", {}, t.keepLink), el("p", { class: "c-hint" }, t.keepLinkLead)),
    el("button", { type: "button", "data-key": "keep-link", onclick: () => openLink(app) }, t.keepLinkOpen),
  );
}

// ---- the situation, and what was typed in

function openQuestions(app) {
  const { view } = app;
  if (!app.may("edit")) return [];
  return view.questions.filter((one) => !(one.situation in view.choices)).map((one) => question(app, one));
}

function question(app, one) {
  const place = el("div", {});
  const options = one.options.map(({ value, label }) => {
    const button = el("button", { type: "button", class: "big c-option", "data-key": `${one.situation}-${value}` }, label);
    button.addEventListener("click", () => app.run(button, app.t.savingForm, () => choose(app, one.situation, value), place));
    return button;
  });
  return el("section", { class: "c-card c-ask", role: "group", "aria-label": one.ask }, el("h4", {}, one.ask), el("div", { class: "c-options" }, options), place);
}

async function choose(app, situation, value) {
  app.take(await app.server.fillIn({ choices: { ...app.view.choices, [situation]: value } }));
}

function filledIn(app) {
  const { t, view } = app;
  const rows = view.questions
    .filter((one) => one.situation in view.choices)
    .map((one) => {
      const label = one.options.find((option) => option.value === view.choices[one.situation])?.label ?? "";
      const again = async () => {
        const { [one.situation]: _, ...others } = view.choices;
        app.take(await app.server.fillIn({ choices: others }));
      };
      const button = el("button", { type: "button", class: "chip", "data-key": `change-${one.situation}`, "aria-label": `${t.change}：${one.ask}` }, t.change);
      button.addEventListener("click", () => app.run(button, t.change, again));
      return el("div", {}, el("dt", {}, one.ask), el("dd", {}, label), app.may("edit") ? button : "");
    });
  const who = [view.applicant.name, view.applicant.number, view.applicant.phone].filter(Boolean).join(" · ");
  const button = el("button", { type: "button", class: "chip", "data-key": "edit-form", "aria-label": `${t.change}：${t.formTitle}`, onclick: app.edit }, t.change);
  return el("section", { class: "c-card" }, el("h4", {}, t.yourCase), el("dl", { class: "c-facts" }, el("div", {}, el("dt", {}, t.formTitle), el("dd", {}, who), app.may("edit") ? button : ""), rows));
}

// ---- lines of the checklist

function slots(app) {
  const { t, view } = app;
  const parts = [];
  const groups = new Map();
  const shared = [];
  for (const slot of view.slots) {
    if (slot.need === "shared" && !slot.filled) shared.push(slot.name);
    else if (slot.group) groups.set(slot.group, [...(groups.get(slot.group) ?? []), slot]);
    else parts.push(slotCard(app, slot));
  }
  for (const [name, members] of groups) {
    parts.push(el("section", { class: "c-group", role: "group", "aria-label": t.oneOf(name) }, el("h4", {}, t.oneOf(name)), members.map((slot) => slotCard(app, slot))));
  }
  if (shared.length) parts.push(el("p", { class: "c-hint c-shared" }, `${t.notBrought}：${shared.join("、")}`));
  return parts;
}

function slotCard(app, slot) {
  const { t, view } = app;
  const files = view.files.filter((one) => one.slot === slot.key);
  const ways = [slot.need === "depends" ? t.depends : null, slot.may_follow ? t.mayFollow : null, slot.promise_instead ? t.promise : null].filter(Boolean);
  return el(
    "article",
    { class: "c-slot", "data-slot": slot.key, "data-filled": files.length ? "" : null },
    el("header", {}, el("h4", {}, slot.name), el("span", { class: "c-have" }, files.length ? t.have(files.length) : t.haveNone)),
    ways.length ? el("p", { class: "c-ways" }, ways.join(" · ")) : "",
    slot.note ? el("p", { class: "c-hint" }, slot.note) : "",
    slot.sample && app.may("add_file") ? el("p", { class: "c-hint" }, slot.sample) : "",
    fileRows(app, files, app.uploads.of(slot.key)),
    app.may("add_file") ? pickers(app, { slot: slot.key, name: slot.name, more: files.length > 0 }) : "",
  );
}

// What has no line of its own.
function loose(app) {
  const { t, view } = app;
  const known = new Set(view.slots.map((one) => one.key));
  const files = view.files.filter((one) => !known.has(one.slot));
  if (!files.length && !app.may("add_file")) return "";
  return el(
    "article",
    { class: "c-slot c-loose", "data-slot": "" },
    el("header", {}, el("h4", {}, t.other)),
    el("p", { class: "c-hint" }, t.otherLead),
    fileRows(app, files, app.uploads.of(null)),
    app.may("add_file") ? pickers(app, { slot: null, name: t.other, quiet: true }) : "",
  );
}

// Two ways to the same end. `replaces` is the file that goes when the new one is there.
export function pickers(app, { slot, name, more = false, quiet = false, replaces = null, words = {} }) {
  const { t } = app;
  const way = (label, spoken, attributes, look) => {
    const input = el("input", { type: "file", class: "visually-hidden", "aria-label": spoken, "data-key": `${label}-${slot}-${replaces ?? ""}`, ...attributes });
    input.addEventListener("change", () => {
      const files = [...input.files];
      input.value = "";
      if (!files.length) return;
      app.uploads.add(files, slot, replaces);
      app.draw();
    });
    return el("label", { class: `button ${look}` }, input, el("span", { "aria-hidden": "true" }, label));
  };
  const camera = words.camera ?? (more ? t.morePages : t.camera);
  const look = more || quiet || app.shared ? "" : "primary";
  return el(
    "div",
    { class: "c-pick" },
    way(camera, words.cameraOf ?? t.cameraOf(name), { accept: "image/*", capture: "environment" }, `c-camera ${look}`),
    way(words.choose ?? (app.shared ? t.chooseHere : t.choose), t.chooseOf(name), { accept: TYPES, multiple: !replaces }, `c-choose ${look}`),
  );
}

// ---- files that are there, and files on their way

function fileRows(app, files, uploads) {
  if (!files.length && !uploads.length) return "";
  return el("ul", { class: "c-files" }, files.map((one) => fileRow(app, one)), uploads.map((one) => drawUpload(app, one)));
}

function fileRow(app, file) {
  const { t } = app;
  const remove = el("button", { type: "button", class: "chip", "data-key": `remove-${file.id}`, "aria-label": t.removeOf(file.name) }, t.remove);
  remove.addEventListener("click", () =>
    app.run(remove, t.remove, async () => {
      app.take(await app.server.remove(file.id));
      app.toast(t.removed(file.name));
    }),
  );
  return el(
    "li",
    { class: "c-file", "data-file": file.id, "data-problem": file.problem },
    el("span", { class: "c-thumb" }, thumb(app, file)),
    el("span", { class: "c-file-name" }, el("span", {}, file.name), el("small", {}, file.problem_text ?? `${t.arrived} · ${size(file.size)}`)),
    app.may("remove_file") ? remove : "",
  );
}

function thumb(app, file) {
  const own = app.thumbs.get(file.id);
  if (own) return own;
  const first = file.pages[0];
  if (first) return el("img", { src: app.server.picture({ file: file.id, ...first }), alt: "", loading: "lazy" });
  return el("span", { class: "c-sheet", "aria-hidden": "true" }, file.name.split(".").pop().slice(0, 4).toUpperCase());
}

function size(bytes) {
  return bytes >= 2 ** 20 ? `${(bytes / 2 ** 20).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;
}

export function drawUpload(app, upload) {
  const { t } = app;
  const failed = upload.state === "failed";
  const again = () => app.uploads.retry(upload);
  const away = () => {
    app.uploads.drop(upload);
    app.draw();
  };
  const said = {
    queued: t.queued, shrinking: t.shrinking, sending: t.sending(Math.round(upload.share * 100)), waiting: t.waiting,
    retrying: t.retrying, failed: failed ? fault(app, upload.failure) : "",
  };
  upload.row = el(
    "li",
    { class: "c-file c-upload", "data-state": upload.state },
    el("span", { class: "c-thumb" }, upload.thumb ?? el("span", { class: "c-sheet", "aria-hidden": "true" }, "…")),
    el(
      "span",
      { class: "c-file-name" },
      el("span", {}, upload.name),
      el("small", { role: failed ? "alert" : null }, said[upload.state]),
      upload.state === "sending" ? el("progress", { max: 1, value: upload.share, "aria-label": upload.name }) : "",
    ),
    failed ? el("span", { class: "c-file-acts" }, mayRetry(upload) ? el("button", { type: "button", class: "chip", onclick: again }, t.retry) : "", el("button", { type: "button", class: "chip", "aria-label": t.removeOf(upload.name), onclick: away }, t.remove)) : "",
  );
  return upload.row;
}

function mayRetry({ failure }) {
  return !["too_large", "empty", "files_locked", "too_many_files"].includes(failure.code);
}

function fault(app, failure) {
  if (failure.code === "too_large") return app.t.tooLarge(Math.floor(app.limits.mostBytes / 2 ** 20));
  if (failure.code === "empty") return app.t.empty;
  return app.sentence(failure);
}
