// What the pre-review found: what is wrong, where, what to do, and the new photograph right there.

import { drawEvidence } from "./case_evidence.js";
import { drawList, pickers } from "./case_list.js";
import { el } from "./dom.js";

const GROUPS = ["must", "should", "undetermined", "hint"];

export function drawResult(app) {
  const { t, view } = app;
  const { findings, passed } = view.verdict;
  const by = (group) => findings.filter((one) => groupOf(one) === group);
  return [
    banner(app, by("must").length),
    changes(app),
    GROUPS.map((group) => section(app, group, by(group))),
    app.may("edit") ? el("button", { type: "button", class: "c-quiet", "data-key": "edit-typed", onclick: app.edit }, t.typed) : "",
    passed.length
      ? el("details", { class: "c-card c-passed", "data-key": "passed" }, el("summary", {}, t.passed(passed.length)), el("ul", {}, passed.map((one) => el("li", {}, one.title))))
      : "",
    el("details", { class: "c-all", "data-key": "all" }, el("summary", {}, t.allFiles), el("div", { class: "c-list" }, drawList(app))),
  ];
}

function groupOf({ status, severity }) {
  if (status === "undetermined") return "undetermined";
  if (status === "hint" || severity === "hint") return "hint";
  return severity;
}

function banner(app, must) {
  const { t, view } = app;
  const { verdict } = view.verdict;
  const corrected = view.state === "correction_requested";
  const title = corrected ? t.correctTitle : verdict === "correct_first" ? t.verdicts.correct_first(must || view.verdict.findings.length) : t.verdicts[verdict];
  const told = corrected ? t.correctLead : app.may("add_file") || verdict !== "correct_first" ? t.next[verdict] : "";
  return el(
    "section",
    { class: "c-verdict", "data-verdict": corrected ? "correct_first" : verdict },
    el("h3", {}, title),
    told ? el("p", {}, told) : "",
  );
}

function changes(app) {
  const { t, view } = app;
  if (!view.changes) return "";
  const parts = [["fixed", t.fixed], ["remaining", t.remaining], ["new", t.fresh]].filter(([name]) => view.changes[name].length);
  if (!parts.length) return "";
  return el(
    "section",
    { class: "c-card c-changes" },
    el("h3", {}, t.changesTitle),
    parts.map(([name, label]) => el("div", { "data-change": name }, el("h4", {}, `${label} ${view.changes[name].length}`), el("ul", {}, view.changes[name].map((one) => el("li", {}, one))))),
  );
}

function section(app, group, findings) {
  if (!findings.length) return "";
  return el("section", { class: "c-findings", "data-group": group }, el("h3", {}, app.t.groups[group], " ", el("span", { class: "c-count" }, findings.length)), findings.map((one) => card(app, group, one)));
}

function card(app, group, finding) {
  const { t } = app;
  const label = { undetermined: t.undeterminedLabel, hint: t.hintLabel }[group] ?? t.todo;
  const mended = isMended(app, finding);
  return el(
    "article",
    { class: "c-finding", "data-group": group, "data-rule": finding.rule, "data-mended": mended ? "" : null },
    el("h4", {}, el("span", { class: "c-label" }, label), group === "undetermined" ? finding.title : finding.action || finding.title),
    el("p", { class: "c-what" }, finding.citizen_text),
    mended ? el("p", { class: "c-mended", role: "status" }, t.mended) : "",
    places(app, finding),
    supply(app, finding),
    el("p", { class: "fine" }, [t.checked(finding.title), finding.basis ? t.basis(finding.basis) : ""].filter(Boolean).join(" · ")),
  );
}

// One picture for each place; of one file only the first says how to replace it.
function places(app, finding) {
  const seen = new Set();
  return finding.evidence.map((place) => {
    const first = !seen.has(place.file);
    seen.add(place.file);
    const file = app.view.files.find((one) => one.id === place.file);
    const name = nameOf(app, file, finding);
    const picture = drawEvidence(app, place, name);
    if (!picture && !(first && file)) return "";
    return el(
      "figure",
      { class: "c-place" },
      el("figcaption", {}, el("strong", {}, name), place.quote ? el("span", {}, app.t.readAs(place.quote)) : ""),
      picture ?? "",
      first && file && app.may("add_file") && finding.status !== "hint" ? retake(app, file, name, finding.status === "undetermined") : "",
    );
  });
}


function retake(app, file, name, quiet) {
  const { t } = app;
  return el(
    "div",
    { class: "c-retake" },
    pickers(app, { slot: file.slot, name, quiet, replaces: file.id, words: { camera: t.retake, cameraOf: t.retakeOf(name), choose: t.chooseAgain } }),
    el("ul", { class: "c-files" }, app.uploads.all.filter((one) => one.replaces === file.id).map((one) => one.row ?? "")),
  );
}

// Nothing to show, because it is not there: then it can be handed in here.
function supply(app, finding) {
  const { t, view } = app;
  if (finding.evidence.length || !app.may("add_file") || finding.status === "hint") return "";
  const slot = view.slots.find((one) => one.key === finding.slot);
  if (!slot || slot.filled) return "";
  return pickers(app, { slot: slot.key, name: slot.name, words: { camera: t.supply, cameraOf: t.supplyOf(slot.name) } });
}

function nameOf(app, file, finding) {
  const key = file?.slot ?? finding.slot;
  return app.view.slots.find((one) => one.key === key)?.name ?? file?.name ?? finding.title;
}

// Since the verdict: the file it was about is gone, or what was missing is there.
function isMended(app, finding) {
  const { view } = app;
  if (!app.may("add_file")) return false;
  const present = new Set(view.files.map((one) => one.id));
  if (finding.evidence.length) return finding.evidence.some((one) => !present.has(one.file));
  return finding.rule === "present" && Boolean(view.slots.find((one) => one.key === finding.slot)?.filled);
}
