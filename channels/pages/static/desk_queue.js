// The queue: what is due first stands first. It asks again while somebody is at the desk, and never while nobody is.

import * as api from "./desk_api.js";
import { sentence } from "./desk_dialog.js";
import { codes, t } from "./desk_words.js";
import { el } from "./dom.js";

const $ = (id) => document.getElementById(id);
const [list, search, state, mine] = [$("cases"), $("search"), $("state"), $("mine")];
const TYPING_MS = 250;

let chosen = null;
let open = () => {};
let asking = null;
let typing = 0;

export function startQueue(openCase) {
  open = openCase;
  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(refresh, TYPING_MS);
  });
  for (const control of [state, mine]) control.addEventListener("change", refresh);
  $("find").addEventListener("submit", (event) => {
    event.preventDefault();
    list.querySelector("button")?.click();
  });
  $("refresh").addEventListener("click", refresh);
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    moveFocus(step);
  });
}

export function moveFocus(step) {
  const buttons = [...list.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement);
  (buttons[at + step] ?? buttons[at < 0 ? 0 : at])?.focus();
}

export function markChosen(id) {
  chosen = id;
  for (const button of list.querySelectorAll("button")) {
    if (button.dataset.id === id) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}

export async function refresh() {
  asking?.abort();
  asking = new AbortController();
  const asked = new URLSearchParams();
  if (search.value.trim()) asked.set("q", search.value.trim());
  if (state.value) asked.set("state", state.value);
  if (mine.checked) asked.set("mine", "true");
  try {
    draw(await api.get(`/cases?${asked}`, { signal: asking.signal }));
  } catch (failure) {
    if (failure.name === "AbortError") return;
    $("queue-foot").textContent = sentence(failure);
  }
}

function draw({ cases, counts }) {
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  const scrolled = list.scrollTop;
  drawStates(counts);
  list.replaceChildren(...cases.map(line));
  if (!cases.length) list.append(el("li", { class: "empty" }, t.noCases));
  list.scrollTop = scrolled;
  markChosen(chosen);
  if (focused) list.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
  $("queue-total").textContent = t.total(cases.length);
  $("queue-foot").textContent = t.asOf(new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" }));
}

function drawStates(counts) {
  const before = state.value;
  const known = Object.entries(counts).filter(([code, count]) => count && codes.states[code]);
  if (before && !known.some(([code]) => code === before)) known.push([before, 0]);
  state.replaceChildren(
    el("option", { value: "" }, t.allStates),
    ...known.map(([code, count]) => el("option", { value: code }, `${codes.states[code]} ${count}`)));
  state.value = before;
}

function line(one) {
  const due = one.deadline;
  const late = due && ["alarm", "passed"].includes(due.standing);
  const counts = Object.entries(t.counts).filter(([name]) => one.findings?.[name])
    .map(([name, label]) => el("span", { class: `tag ${name === "undetermined" ? "doubt" : name}` }, `${label} ${one.findings[name]}`));
  const verdict = el("span", { class: `tag ${{ ready: "good", correct_first: "must", ask_a_person: "doubt" }[one.verdict] ?? ""}` },
    t.verdicts[one.verdict] ?? t.verdictNone);
  const holder = one.claimed_by && el("span", { class: "tag" }, one.mine ? t.claimedByMe : t.claimedBy(one.claimed_by.name));
  return el("li", {}, el("button", { type: "button", "data-id": one.id, class: late ? "alarm" : null, onclick: () => open(one.id) },
    el("span", { class: "item" }, one.item_name),
    due ? el("span", { class: `tag ${due.days_left < 0 ? "late" : late ? "soon" : ""}`, title: `${due.label} ${due.date}` }, t.daysLeft(due.days_left)) : el("span"),
    el("span", { class: "number" }, one.number ?? one.id.slice(0, 8)),
    el("span", { class: "standing" }, one.round > 1 ? `${one.state_label} · ${t.round(one.round)}` : one.state_label),
    el("span", { class: "marks" }, verdict, ...counts, holder)));
}
