// Dialogs and forms of the desk: one at a time, closed by Esc, focus goes back to where it came from.

import { Refused } from "./desk_api.js";
import { t } from "./desk_words.js";
import { el } from "./dom.js";

const toast = document.getElementById("toast");
let clearing = 0;

export function say(text) {
  clearTimeout(clearing);
  toast.textContent = text;
  clearing = setTimeout(() => (toast.textContent = ""), 6000);
}

export function sentence(failure) {
  if (!(failure instanceof Refused)) {
    console.error(failure);
    return t.broken;
  }
  if (failure.status === 0) return t.offline;
  return (failure.message || t.broken) + (failure.status >= 500 && failure.id ? t.numbered(failure.id) : "");
}

// Resolves when the dialog is closed, with what `close` was called with.
export function openDialog(title, fill, { broad = false } = {}) {
  const before = document.activeElement;
  return new Promise((resolve) => {
    let answer = null;
    const node = el("dialog", { class: broad ? "broad" : null, "aria-label": title });
    const close = (value = null) => {
      answer = value;
      node.close();
    };
    const body = el("div", { class: "dialog-body" });
    node.append(
      el("header", {}, el("h2", {}, title), el("button", { type: "button", class: "quiet", onclick: () => close() }, t.close)),
      body,
    );
    node.addEventListener("close", () => {
      node.remove();
      if (before?.isConnected) before.focus({ preventScroll: true });
      resolve(answer);
    });
    document.body.append(node);
    fill(body, close);
    node.showModal();
    body.querySelector("[autofocus], input, textarea, select")?.focus();
  });
}

export const dialogIsOpen = () => document.querySelector("dialog[open]") !== null;

// One labelled control. `hint` is read out with it.
export function field(label, control, hint) {
  if (hint) {
    control.id ||= `field-${Math.random().toString(36).slice(2)}`;
    control.setAttribute("aria-describedby", `${control.id}-hint`);
  }
  return el("label", {}, el("span", {}, label), control, hint && el("span", { class: "fine", id: `${control.id}-hint` }, hint));
}

export const check = (label, box) => el("label", { class: "check" }, box, el("span", {}, label));

export const select = (options, attributes = {}) =>
  el("select", attributes, ...options.map(([value, label]) => el("option", { value }, label)));

// A form that sends once, says what is wrong beside its button, and keeps what was typed.
export function form(parts, { submit, label, danger = false, cancel = null }) {
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const button = el("button", { type: "submit", class: danger ? "primary danger" : "primary" }, label);
  const node = el(
    "form", { class: "form", novalidate: true }, ...parts, problem,
    el("div", { class: "buttons" }, cancel && el("button", { type: "button", onclick: cancel }, t.cancel), button),
  );
  const tell = (text, control) => {
    problem.textContent = text;
    problem.hidden = false;
    if (control) {
      control.setAttribute("aria-invalid", "true");
      control.focus();
    }
  };
  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    for (const wrong of node.querySelectorAll("[aria-invalid]")) wrong.removeAttribute("aria-invalid");
    const empty = [...node.elements].find((one) => one.required && (one.type === "checkbox" ? !one.checked : !one.value.trim()));
    if (empty) return tell(t.missing, empty);
    button.disabled = true;
    problem.hidden = true;
    try {
      await submit(tell);
    } catch (failure) {
      tell(sentence(failure));
    } finally {
      button.disabled = false;
    }
  });
  return node;
}

export const sure = (title, text, label) =>
  openDialog(title, (body, close) => {
    body.append(el("p", {}, text), form([], { submit: () => close(true), label, danger: true, cancel: () => close(false) }));
  });
