// The chat page: wires the parts together.

import { emptyCard, failureCard, fillCard, nowWorking, questionBubble, retire, writeSoFar } from "./card.js";
import { addressOf, forgetTicks, readAddress, showChecklist } from "./checklist.js";
import { conversationId, remember, said, startAnew, wipePending } from "./conversation.js";
import { el } from "./dom.js";
import { apply, choose, profile, region, settings, terminal } from "./settings.js";
import { closeOnBackdrop } from "./source.js";
import { askServer } from "./stream.js";
import { translate, words } from "./words.js";

const LONGEST = 1000;
const SLOW_MS = 6000;
const $ = (id) => document.getElementById(id);

const chat = $("chat");
const log = $("log");
const composer = $("ask");
const box = $("question");
const view = $("checklist");
const hall = { name: document.querySelector(".bar-name p").textContent, hotline: document.body.dataset.hotline };
const handheld = matchMedia("(pointer: coarse)");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
// A hall's own screen must not be led away from this page.
const links = profile === "standard";

let t = words(settings.language ?? "zh");
let inFlight = null;
let generation = 0;

// ---- asking

function ask(question, { from = null } = {}) {
  if (inFlight) {
    toast(t.busy);
    return;
  }
  for (const card of log.querySelectorAll(".card")) retire(card, from);
  const turn = el("div", { class: "turn" }, questionBubble(question, t));
  const card = emptyCard(t);
  turn.append(card);
  log.append(turn);
  showTop(turn, calm.matches ? "auto" : "smooth");
  answer(question, card);
}

function answer(question, card) {
  const mine = generation;
  setBusy(true);
  let soFar = "";
  const slow = setTimeout(() => card.isConnected && nowWorking(card, t.stillWorking), SLOW_MS);
  const heard = (event, data) => {
    if (event !== "sentence" || mine !== generation) return;
    soFar += data.text;
    writeSoFar(card, soFar, { links });
  };
  const body = { question, conversation_id: conversationId(), terminal, profile };
  if (region) body.region = region;
  if (settings.language) body.language = settings.language;
  const asked = askServer(body, heard);
  inFlight = asked;
  asked
    .then((whole) => {
      if (mine !== generation) return;
      fillCard(card, whole, t, doing(question, card), { links });
      remember(question, whole);
      if (box.value.trim() === question) clearBox();
    })
    .catch((failure) => {
      if (mine !== generation) return;
      failureCard(card, failure, t, hall.hotline, () => retry(question, card));
      if (!box.value.trim()) fillBox(question);
    })
    .finally(() => {
      clearTimeout(slow);
      if (inFlight !== asked) return;
      inFlight = null;
      setBusy(false);
      if (mine === generation) settleFocus(card);
    });
}

function retry(question, card) {
  if (inFlight) {
    toast(t.busy);
    return;
  }
  const fresh = emptyCard(t);
  card.replaceWith(fresh);
  answer(question, fresh);
}

function doing(question, card) {
  return {
    ask: (label) => ask(label, { from: label }),
    openChecklist: (item, choices) => {
      location.hash = addressOf(item, choices);
    },
    retry: () => retry(question, card),
  };
}

function showTop(turn, behavior) {
  chat.scrollTo({ top: chat.scrollTop + turn.getBoundingClientRect().top - chat.getBoundingClientRect().top, behavior });
}

// Whoever typed keeps typing; who pressed a button that is gone is led to the answer.
function settleFocus(card) {
  const lost = document.activeElement === document.body || document.activeElement?.disabled;
  const failed = card.querySelector(".retry");
  if (failed && (lost || document.activeElement === box)) failed.focus({ preventScroll: true });
  else if (lost) card.focus({ preventScroll: true });
}

function setBusy(busy) {
  document.body.toggleAttribute("data-busy", busy);
  $("send").setAttribute("aria-disabled", String(busy));
}

// ---- the box

function lengthOf(text) {
  return [...text].length;
}

function fitBox() {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
  const left = LONGEST - lengthOf(box.value.trim());
  $("limit").textContent = left < 0 ? t.tooLong(-left) : left <= 100 ? t.left(left) : "";
  $("limit").classList.toggle("over", left < 0);
  box.setAttribute("aria-invalid", String(left < 0));
}

function fillBox(text) {
  box.value = text;
  fitBox();
}

function clearBox() {
  fillBox("");
}

function submit() {
  const question = box.value.trim();
  if (!question) {
    box.focus();
  } else if (lengthOf(question) > LONGEST) {
    fitBox();
    box.focus();
  } else if (inFlight) {
    toast(t.busy);
  } else {
    clearBox();
    if (handheld.matches) box.blur();
    ask(question);
  }
}

function listenToBox() {
  composer.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  box.addEventListener("input", fitBox);
  box.addEventListener("keydown", (event) => {
    // 229: Safari reports the Enter that ends a composition after the composition
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    submit();
  });
}

// ---- topics

function listenToTopics() {
  document.querySelector(".topics").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.ask) ask(button.textContent.trim());
    else toggleTopic(button);
  });
}

function toggleTopic(tile) {
  const open = tile.getAttribute("aria-expanded") !== "true";
  for (const other of document.querySelectorAll(".tile")) {
    const shown = other === tile && open;
    other.setAttribute("aria-expanded", String(shown));
    $(other.getAttribute("aria-controls")).hidden = !shown;
  }
}

// ---- conversation, settings, views

function redraw() {
  log.replaceChildren();
  for (const { question, answer: whole } of said()) {
    for (const card of log.querySelectorAll(".card")) retire(card, question);
    const card = emptyCard(t);
    log.append(el("div", { class: "turn" }, questionBubble(question, t), card));
    fillCard(card, whole, t, doing(question, card), { links });
  }
}

async function newConversation() {
  generation += 1;
  const ending = inFlight;
  inFlight = null;
  setBusy(false);
  log.replaceChildren();
  forgetTicks();
  clearBox();
  chat.scrollTo({ top: 0 });
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  route();
  box.focus({ preventScroll: true });
  const gone = await startAnew(ending);
  toast(gone ? t.wiped : t.wipedHere);
}

function speakLanguage() {
  t = words(settings.language ?? "zh");
  translate(document, settings.language ?? "zh");
}

function listenToSettings() {
  const sheet = $("settings");
  $("open-settings").addEventListener("click", () => {
    for (const [name, value] of Object.entries({ ...settings, language: settings.language ?? "zh" })) {
      const radio = sheet.querySelector(`input[name="${name}"][value="${value}"]`);
      if (radio) radio.checked = true;
    }
    sheet.showModal();
  });
  sheet.addEventListener("change", ({ target }) => {
    choose(target.name, target.value);
    fitBox();
    if (target.name !== "language") return;
    speakLanguage();
    if (!inFlight) redraw();
    route();
  });
}

let backTo = null;

function route() {
  const wanted = readAddress(location.hash);
  const opening = Boolean(wanted) && view.hidden;
  if (opening) backTo = document.activeElement;
  chat.hidden = composer.hidden = Boolean(wanted);
  view.hidden = !wanted;
  if (wanted) {
    if (opening) view.replaceChildren();
    view.scrollTop = 0;
    showChecklist(view, wanted, t, hall, checklistMoves);
  } else if (backTo) {
    delete view.dataset.wanted;
    if (backTo.isConnected) backTo.focus();
    backTo = null;
  }
}

const checklistMoves = {
  back() {
    if (history.state?.opened) history.back();
    else {
      history.replaceState(null, "", location.pathname + location.search);
      route();
    }
  },
  go(item, choices) {
    location.hash = addressOf(item, choices);
  },
  replace(item, choices) {
    history.replaceState(history.state, "", addressOf(item, choices));
    route();
  },
};

let toastTimer;

function toast(sentence) {
  $("toast").textContent = sentence;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => ($("toast").textContent = ""), 6000);
}

apply();
speakLanguage();
listenToBox();
listenToTopics();
listenToSettings();
for (const sheet of document.querySelectorAll("dialog")) closeOnBackdrop(sheet);
$("new-conversation").addEventListener("click", newConversation);
addEventListener("hashchange", () => {
  if (readAddress(location.hash) && !history.state) history.replaceState({ opened: true }, "");
  route();
});
addEventListener("online", wipePending);
wipePending();
redraw();
route();
if (log.lastElementChild) showTop(log.lastElementChild, "auto");
fitBox();
document.documentElement.dataset.ready = "";
