// What the page shows around the view: state, button, banner, words, toasts.

import { translate } from "./words.js";

const $ = (id) => document.getElementById(id);
const GRACE_MS = 1500;
const TOAST_MS = 4000;

// `state` is a key of the words' states, `mode` one of their talk; `words` stand instead of those of the state.
export function showState({ state, words, mode, enabled }, t) {
  document.body.dataset.state = state;
  const place = document.querySelector(".k-state-words");
  const sentence = words ?? t.states[state];
  if (place.textContent !== sentence) place.textContent = sentence;
  const button = $("talk");
  button.dataset.mode = mode;
  button.querySelector(".k-talk-words").textContent = t.talk[mode];
  button.setAttribute("aria-disabled", String(!enabled));
}

let bannerTimer;

// A socket that is back at once is not worth a word.
export function showConnection(state, t) {
  clearTimeout(bannerTimer);
  const sentence = navigator.onLine ? (t.connection[state] ?? "") : t.connection.offline;
  const write = () => ($("banner").textContent = sentence);
  if (sentence && state === "down" && navigator.onLine) bannerTimer = setTimeout(write, GRACE_MS);
  else write();
}

let toastTimer;

export function toast(sentence) {
  $("toast").textContent = sentence;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => ($("toast").textContent = ""), TOAST_MS);
}

export function showLanguage(language, t) {
  translate(document, language, t);
  for (const title of document.querySelectorAll("[data-services-of]")) {
    const name = title.dataset.servicesOf;
    title.textContent = t.servicesOf(name ? (t.events[name] ?? name) : t.otherEvent);
  }
  for (const button of document.querySelectorAll("[data-language-choice]")) {
    const chosen = button.dataset.languageChoice === language;
    button.setAttribute("aria-pressed", String(chosen));
    if (chosen) $("language").querySelector("span").textContent = button.textContent;
  }
  showLabel(language, t);
}

// The hall's own sentence stands in Chinese.
export function showLabel(language, t, sentence = null) {
  const label = $("label");
  label.dataset.zh = sentence ?? label.dataset.zh ?? label.textContent;
  label.textContent = language === "zh" ? label.dataset.zh : t.aiLabel;
}

export function press(id, pressed, words) {
  $(id).setAttribute("aria-pressed", String(pressed));
  $(id).querySelector("span").textContent = words;
}
