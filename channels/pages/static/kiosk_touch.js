// Fingers, keys and sheets.

import { closeOnBackdrop } from "./source.js";

const $ = (id) => document.getElementById(id);

// `pressed` = what each button does, by id; `ask(question)`, `show(view)`, `speak(language)`, `touched()`
export function listenToTouch({ pressed, ask, show, speak, touched }) {
  for (const [id, does] of Object.entries(pressed)) $(id).addEventListener("click", does);
  for (const button of document.querySelectorAll("[data-language-choice]")) {
    button.addEventListener("click", () => speak(button.dataset.languageChoice));
  }
  $("content").addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    if ("home" in button.dataset) show("home");
    else if (button.dataset.ask) ask(button.textContent.trim());
    else if (button.dataset.opens) show(button.dataset.opens);
  });
  for (const name of ["pointerdown", "keydown", "input", "wheel"]) addEventListener(name, touched, { capture: true, passive: true });
  listenToSheets(pressed.stay);
  listenToBox(ask);
}

function listenToSheets(stay) {
  $("still").addEventListener("cancel", stay);
  $("still").addEventListener("click", ({ target }) => target === $("still") && stay());
  for (const sheet of document.querySelectorAll("dialog.sheet")) closeOnBackdrop(sheet);
  for (const button of document.querySelectorAll("[data-close]")) {
    button.addEventListener("click", () => button.closest("dialog").close());
  }
}

function listenToBox(ask) {
  const box = $("question");
  const submit = (event) => {
    event.preventDefault();
    const question = box.value.trim();
    if (!question) return;
    box.value = "";
    $("typing").close();
    ask(question);
  };
  $("ask").addEventListener("submit", submit);
  box.addEventListener("keydown", (event) => {
    // 229: the Enter that ends a composition
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) submit(event);
  });
}
