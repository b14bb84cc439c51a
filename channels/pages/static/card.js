// One turn on the page: the question, and the answer as a card.

import { answerText } from "./answer_text.js";
import { el, safeUrl } from "./dom.js";
import { showSource, fieldName } from "./source.js";

export function questionBubble(question, t) {
  return el("p", { class: "question" }, el("span", { class: "visually-hidden" }, `${t.you}：`), question);
}

export function emptyCard(t) {
  return el(
    "article",
    { class: "card", "aria-busy": "true", tabindex: "-1" },
    el("p", { class: "author" }, t.me),
    el("div", { class: "said" }),
    el("p", { class: "working" }, t.working),
  );
}

export function writeSoFar(card, text, options) {
  card.querySelector(".said").replaceChildren(...answerText(text, options));
}

export function nowWorking(card, sentence) {
  card.querySelector(".working").textContent = sentence;
}

// `does` = {ask(label), openChecklist(item, choices), retry()}
export function fillCard(card, answer, t, does, { links }) {
  const options = answer.options ?? [];
  const omit = options.map((option) => option.label);
  const [text, asked] = apart(answer, options);
  card.dataset.status = answer.status;
  card.dataset.reason = answer.reason;
  card.lang = answer.language === "zh" ? "zh-CN" : answer.language;
  card.replaceChildren(
    el("p", { class: "author" }, t.me),
    ...corrections(answer, t),
    el("div", { class: "said" }, answerText(text, { links, omit })),
    ...choices(options, asked, t, does),
    ...nextStep(answer.next_step, t, does, links),
    ...(answer.status === "error" ? [el("button", { type: "button", class: "big", onclick: does.retry }, t.retry)] : []),
    ...sources(answer, t, links),
    ...suggestions(answer.suggestions ?? [], t, does),
  );
  card.removeAttribute("aria-busy");
}

export function failureCard(card, failure, t, hotline, retry) {
  card.dataset.status = "failed";
  card.replaceChildren(
    el("p", { class: "author" }, t.me),
    el("div", { class: "said" }, el("p", {}, failure.sentence ?? t.failed[failure.kind]), el("p", {}, t.orCall(hotline))),
    el("button", { type: "button", class: "big primary retry", onclick: retry }, t.retry),
    failure.requestId ? el("p", { class: "fine" }, t.requestId(failure.requestId)) : "",
  );
  card.removeAttribute("aria-busy");
}

// Options and buttons of earlier cards no longer answer the question that is open.
export function retire(card, chosen) {
  for (const button of card.querySelectorAll(".options button")) {
    button.disabled = true;
    if (button.textContent === chosen) button.classList.add("chosen");
  }
  card.querySelector(".suggestions")?.remove();
}

function corrections(answer, t) {
  return (answer.corrections ?? []).map(({ heard, taken_for }) =>
    el("p", { class: "fine" }, t.understoodAs(heard, taken_for)),
  );
}

// The question that the options answer stands right above them.
function apart(answer, options) {
  const asked = options.length && answer.next_step?.kind === "ask" ? answer.next_step.label : "";
  const text = answer.text.trimEnd();
  return asked && text.endsWith(asked) ? [text.slice(0, -asked.length), asked] : [answer.text, ""];
}

function choices(options, asked, t, does) {
  if (!options.length) return [];
  const buttons = options.map(({ label }) => el("button", { type: "button", class: "big", onclick: () => does.ask(label) }, label));
  const question = asked ? el("p", { class: "asked" }, asked) : "";
  return [el("div", { class: "options", role: "group", "aria-label": asked || t.pleaseChoose }, question, buttons)];
}

function nextStep(step, t, does, links) {
  if (!step || step.kind === "ask") return [];
  const { kind, label, data = {} } = step;
  if (kind === "checklist") {
    const open = () => does.openChecklist(data.item, data.choices ?? {});
    return [el("button", { type: "button", class: "big primary to-checklist", onclick: open }, t.showChecklist)];
  }
  const parts = [];
  const url = kind === "link" && links ? safeUrl(data.url) : null;
  if (url) parts.push(el("a", { class: "big button primary", href: url, target: "_blank", rel: "noopener noreferrer" }, label));
  else if (kind !== "hotline") parts.push(el("p", { class: "go-to" }, label));
  const call = (number, words, first) => parts.push(phone(number, words, first, links));
  if (data.phone) call(data.phone, kind === "hotline" ? label : t.call(data.phone), kind === "hotline");
  for (const also of String(data.also ?? "").split(",").filter(Boolean)) call(also, t.call(also), false);
  return parts;
}

// A hall's own screen cannot dial.
function phone(number, label, first, dials) {
  if (!dials) return el("p", { class: "go-to" }, label);
  return el("a", { class: `big button${first ? " primary" : ""}`, href: `tel:${number}` }, label);
}

function sources(answer, t, links) {
  const citations = answer.citations ?? [];
  if (!citations.length) return [];
  const titles = new Set(citations.map((citation) => citation.title));
  const chips = citations.map((citation) => {
    const field = fieldName(citation.field, t);
    const label = titles.size > 1 && field ? `${citation.title} · ${field}` : field || citation.title;
    return el(
      "button",
      { type: "button", class: "chip source-chip", "aria-haspopup": "dialog", onclick: () => showSource(citation, t, links) },
      label,
    );
  });
  return [el("div", { class: "sources", role: "group", "aria-label": t.sources }, el("h4", {}, t.sources), chips)];
}

function suggestions(questions, t, does) {
  if (!questions.length) return [];
  const chips = questions.map((question) =>
    el("button", { type: "button", class: "chip", onclick: () => does.ask(question) }, question),
  );
  return [el("div", { class: "suggestions", role: "group", "aria-label": t.suggestions }, el("h4", {}, t.suggestions), chips)];
}
