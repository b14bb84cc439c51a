// Before there is a case: which item, which situation, what to bring, what is kept.

import * as api from "./case_api.js";
import { forget, keepTyped, openCase, readLink, remembered, typed } from "./case_keep.js";
import { el } from "./dom.js";

export function showBegin(app, item, choices) {
  const kept = typed("begin");
  if (item) showQuestions(app, item, kept.item === item && !Object.keys(choices).length ? kept.choices : choices);
  else if (kept.item) showQuestions(app, kept.item, kept.choices);
  else showItems(app);
}

// ---- which item

function showItems(app) {
  const { t } = app;
  keepTyped("begin", null);
  const items = document.getElementById("items").content.cloneNode(true);
  app.screen(
    "items",
    el("header", { class: "c-intro" }, el("h2", { tabindex: "-1" }, t.beginTitle), el("p", { class: "c-lead" }, t.beginLead)),
    goOn(app),
    el("div", { class: "c-card c-choose" }, items),
  );
  const box = document.getElementById("find-item");
  box.addEventListener("input", () => find(box.value));
  for (const button of app.main.querySelectorAll("[data-item]")) button.addEventListener("click", () => showQuestions(app, button.dataset.item, {}));
}

function find(text) {
  const wanted = text.trim().toLowerCase();
  let found = 0;
  for (const topic of document.querySelectorAll(".c-topic")) {
    const shown = [...topic.querySelectorAll("[data-item]")].filter((one) => {
      one.hidden = Boolean(wanted) && !one.dataset.names.toLowerCase().includes(wanted);
      return !one.hidden;
    });
    topic.hidden = !shown.length;
    found += shown.length;
  }
  document.getElementById("found-none").hidden = found > 0;
}

// Cases that are open or remembered here, and a link from elsewhere.
function goOn(app) {
  const { t } = app;
  const open = openCase();
  const mine = app.shared ? [] : remembered();
  const known = open && !mine.some((one) => one.id === open.id) ? [open, ...mine] : mine;
  const rows = known.map((one) =>
    el(
      "li",
      {},
      el("button", { type: "button", class: "row-button", onclick: () => app.open(one) }, one.name ?? t.haveLink),
      mine.includes(one)
        ? el("button", { type: "button", class: "chip", "aria-label": `${t.forget}：${one.name}`, onclick: () => (forget(one.id), showItems(app)) }, t.forget)
        : "",
    ),
  );
  return [
    rows.length ? el("section", { class: "c-card" }, el("h3", {}, t.mine), el("ul", { class: "c-mine" }, rows)) : "",
    el("details", { class: "c-card c-paste" }, el("summary", {}, t.haveLink), pasteForm(app)),
  ];
}

function pasteForm(app) {
  const { t } = app;
  const box = el("input", { id: "pasted", type: "text", autocomplete: "off", spellcheck: "false", "aria-describedby": "paste-wrong" });
  const wrong = el("p", { id: "paste-wrong", class: "c-wrong", role: "alert" });
  const form = el(
    "form",
    { novalidate: true },
    el("label", { for: "pasted" }, t.pasteLink),
    box,
    wrong,
    el("button", { class: "big primary" }, t.pasteOpen),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const link = readLink(box.value);
    wrong.textContent = link ? "" : t.pasteWrong;
    if (link) app.open(link);
    else box.focus();
  });
  return form;
}

// ---- which situation: one question at a time

async function showQuestions(app, item, choices) {
  const { t } = app;
  keepTyped("begin", { item, choices });
  if (!app.main.querySelector(".c-step")) app.screen("opening", el("p", { class: "working" }, t.opening));
  let list;
  try {
    list = await api.checklist(item, choices);
  } catch (failure) {
    if (failure.code === "no_item") return showItems(app);
    if (failure.code === "no_choice" && Object.keys(choices).length) return showQuestions(app, item, {});
    return app.problem(failure, () => showQuestions(app, item, choices));
  }
  if (typed("begin").item !== item) return;
  const known = Object.fromEntries(list.choices.map((one) => [one.situation, one.value]));
  if (list.item_instead) showInstead(app, list, known);
  else if (list.open_questions.length) showQuestion(app, list, known);
  else showAgree(app, list, known);
}

function stepHead(app, at, title, item) {
  const { t } = app;
  const names = t.steps.map((name, index) => el("li", { "aria-current": index + 1 === at ? "step" : null }, name));
  return el(
    "header",
    { class: "c-step" },
    el("p", { class: "visually-hidden" }, t.stepOf(at, t.steps.length)),
    el("ol", { class: "c-steps", "aria-hidden": "true" }, names),
    item ? el("p", { class: "c-item" }, item) : "",
    el("h2", { tabindex: "-1" }, title),
  );
}

function stepBack(app, list, known) {
  const { t } = app;
  const last = Object.keys(known).pop();
  const without = Object.fromEntries(Object.entries(known).filter(([name]) => name !== last));
  const back = () => (last ? showQuestions(app, list.item, without) : showItems(app));
  return el("button", { type: "button", class: "back", "data-key": "back", onclick: back }, last ? t.back : t.otherItem);
}

function showQuestion(app, list, known) {
  const { t } = app;
  const open = list.open_questions[0];
  const pick = (value) => showQuestions(app, list.item, { ...known, [open.situation]: value });
  app.screen(
    `question-${open.situation}`,
    stepHead(app, 1, open.ask, list.name),
    el(
      "div",
      { class: "c-options", role: "group", "aria-label": open.ask },
      open.options.map(([value, label]) => el("button", { type: "button", class: "big c-option", onclick: () => pick(value) }, label)),
    ),
    el("p", { class: "c-hint" }, t.questionNote),
    el("div", { class: "c-row" }, stepBack(app, list, known), app.shared ? "" : el("a", { class: "button c-quiet", href: "/mobile", target: "_blank" }, t.unsure)),
  );
}

function showInstead(app, list, known) {
  const { t } = app;
  app.screen(
    "instead",
    stepHead(app, 1, t.instead, list.name),
    el("section", { class: "c-card" }, list.notices.map((one) => el("p", {}, one)), el("button", { type: "button", class: "big primary", onclick: () => showQuestions(app, list.item_instead, {}) }, t.openInsteadPlain)),
    stepBack(app, list, known),
  );
}

// ---- what to bring, what is kept

function showAgree(app, list, known) {
  const { t } = app;
  const place = el("div", {});
  const agree = el("button", { type: "button", class: "big primary", "data-key": "agree" }, t.agree);
  agree.addEventListener("click", () =>
    app.run(
      agree,
      t.opening,
      async () => {
        const begun = await api.begin({ item: list.item, choices: known, ...(app.region ? { region: app.region } : {}) });
        if (!agree.isConnected) return; // left meanwhile
        keepTyped("begin", null);
        app.open(begun, begun.case);
      },
      place,
    ),
  );
  app.screen(
    "agree",
    stepHead(app, 1, bringTitle(list, t), list.name),
    list.notices.length ? el("section", { class: "c-note" }, list.notices.map((one) => el("p", {}, one))) : "",
    el("section", { class: "c-card" }, lines(list, t), situation(list, t)),
    el(
      "section",
      { class: "c-card c-privacy", "aria-labelledby": "privacy" },
      el("h3", { id: "privacy" }, t.privacyTitle),
      el("ul", {}, t.privacy(app.limits.draftDays, app.limits.caseDays).map((one) => el("li", {}, one))),
    ),
    place,
    agree,
    stepBack(app, list, known),
  );
}

function bringTitle(list, t) {
  const count = list.lines.length + list.groups.length;
  return count ? t.toBring(count) : t.toBringNone;
}

function lines(list, t) {
  const row = (one) => el("li", {}, el("strong", {}, one.name), one.note ? el("span", { class: "c-hint" }, one.note) : "");
  return [
    el(
      "ol",
      { class: "c-bring" },
      list.lines.map(row),
      list.groups.map((group) => el("li", {}, el("strong", {}, t.oneOf(group.label)), el("span", { class: "c-hint" }, group.lines.map((one) => one.name).join("，或者")))),
    ),
    list.by_situation.length ? el("details", {}, el("summary", {}, t.depends), el("ul", {}, list.by_situation.map(row))) : "",
    list.shared.length ? el("p", { class: "c-hint" }, `${t.notBrought}：${list.shared.map((one) => one.name).join("、")}`) : "",
  ];
}

function situation(list, t) {
  if (!list.choices.length) return "";
  return el("p", { class: "c-hint" }, `${t.yourCase}：${list.choices.map((one) => one.label).join("、")}`);
}

export { stepHead };
