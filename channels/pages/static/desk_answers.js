// 答复抽查: editors say whether sampled answers were right; others read what follows from it.

import * as api from "./desk_api.js";
import { drawAnswer, focusNote, focusRightItem } from "./desk_answers_one.js";
import { drawFigures } from "./desk_answers_figures.js";
import { begin, current, drop, fieldsOf, itemId, loadItems, move, path, state, take } from "./desk_answers_state.js";
import { labels, NAMES, statuses, w } from "./desk_answers_words.js";
import { dialogIsOpen, say, sentence, sure } from "./desk_dialog.js";
import { t } from "./desk_words.js";
import { el } from "./dom.js";

const place = document.getElementById("answers");
let shown = null; // tab
let saving = Promise.resolve();
let list;
let one;

export async function openAnswers(who, [tab]) {
  const editor = who.roles.includes("editor");
  const wanted = editor && w.tabs[tab] ? tab : editor ? "waiting" : "figures";
  if (shown === wanted) return;
  shown = wanted;
  const tabs = editor ? Object.entries(w.tabs).map(([name, label]) => tabButton(name, label)) : [];
  const body = el("div", { class: "answers-body" }, el("p", { class: "fine" }, t.loading));
  place.replaceChildren(
    el("header", { class: "answers-head" }, el("h2", {}, w.title), el("nav", { class: "answers-tabs", "aria-label": w.title }, ...tabs),
      el("p", { class: "fine", id: "answers-left" }),
      editor && wanted !== "figures" && el("button", { type: "button", class: "quiet", onclick: again }, w.refresh)),
    body);
  if (wanted === "figures") return drawFigures(body);
  try {
    const [found] = await Promise.all([api.get(`/answers?state=${wanted}`), loadItems()]);
    if (!body.isConnected) return; // another tab was chosen meanwhile
    begin(found);
  } catch (failure) {
    body.replaceChildren(el("p", { class: "problem", role: "alert" }, sentence(failure)));
    return;
  }
  list = el("ol", { class: "answers-list", "aria-label": w.tabs[wanted] });
  one = el("section", { class: "answers-one", "aria-label": w.answer, tabindex: "-1" });
  body.replaceChildren(el("div", { class: "answers-columns" }, list, one));
  draw();
}

// Another view is shown: what comes back reads anew.
export function leaveAnswers() {
  shown = null;
}

const tabButton = (name, label) =>
  el("button", { type: "button", "data-tab": name, "aria-current": name === shown ? "page" : null, onclick: () => (location.hash = `#answers/${name}`) }, label);

function again() {
  const tab = shown;
  shown = null;
  openAnswers({ roles: ["editor"] }, [tab]);
}

function draw() {
  document.getElementById("answers-left").textContent = w.left(state.waiting);
  drawList();
  drawAnswer(one, current(), { judge, keep, remove });
}

function drawList() {
  const rows = state.rows.map((row, at) => el("li", {},
    el("button", { type: "button", "data-id": row.id, "aria-current": at === state.at ? "true" : null, onclick: () => choose(at) },
      el("span", { class: "asked" }, row.question), tagOf(row),
      el("span", { class: "fine" }, `${row.day} · ${row.item?.name ?? statuses[row.status]}`))));
  const done = state.rows.length && !state.rows.some((row) => row.waiting) && state.waiting > 0 && shown === "waiting";
  if (!rows.length) rows.push(el("li", { class: "empty" }, shown === "waiting" ? w.noneWaiting : w.noneJudged));
  if (done) rows.push(el("li", {}, el("button", { type: "button", class: "primary", onclick: again }, w.more)));
  list.replaceChildren(...rows);
  list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
}

function tagOf(row) {
  const said = row.mine ?? row.others[0];
  if (said) return el("span", { class: `tag ${said.label === "right" ? "good" : said.label === "partly" ? "should" : "must"}` }, labels[said.label]);
  return row.second ? el("span", { class: "tag doubt", title: w.twiceHint }, w.twice) : "";
}

function choose(at) {
  state.at = at;
  draw();
}

// One label after the other, so that two keys in a row end with the second.
function judge(label) {
  const row = current();
  if (!row || !(row.waiting || row.mine)) return saving;
  if (label === "should_have_refused" && !row.was_answered) {
    say(w.notAnsweredHint);
    return saving;
  }
  saving = saving.then(() => save(row, label));
  return saving;
}

const keep = () => judge(current().mine.label);

async function remove() {
  const row = current();
  if (!(await sure(w.remove, w.removeSure, w.remove))) return;
  try {
    await api.remove(path(row.id));
    gone(row);
    say(w.removed);
  } catch (failure) {
    say(sentence(failure));
    if (failure.code === "no_answer") gone(row);
  }
  draw();
}

function gone(row) {
  if (row.waiting) state.waiting -= 1;
  drop(row.id);
}

async function save(row, label) {
  const typed = fieldsOf(row);
  const rightItem = itemId(typed.rightItem);
  if (label !== "right" && rightItem === undefined) {
    say(w.unknownItem);
    focusRightItem();
    return;
  }
  const more = label === "right" ? {} : { right_item: rightItem, should_say: typed.shouldSay };
  try {
    const fresh = await api.post(path(row.id, "/label"), { label, note: typed.note, ...more });
    if (state.typed.get(row.id) && same(state.typed.get(row.id), typed)) state.typed.delete(row.id);
    take(fresh);
    say(w.judged(labels[label]));
  } catch (failure) {
    say(sentence(failure));
    if (failure.status === 409) await api.get(path(row.id)).then(take, () => null);
    else if (failure.code === "no_answer") gone(row);
  }
  draw();
}

const same = (one, other) => Object.keys(one).every((name) => one[name] === other[name]);

addEventListener("keydown", (event) => {
  if (place.hidden || shown === "figures" || !list || event.repeat || event.metaKey || event.altKey || dialogIsOpen()) return;
  if (event.target.closest?.("input, textarea, select")) {
    if (event.key === "Escape") event.target.blur();
    if (event.key === "Enter" && event.ctrlKey && current()?.mine) keep();
    return;
  }
  if (event.ctrlKey) return;
  const label = NAMES[Number(event.key) - 1];
  const act = label ? () => judge(label) : { j: () => step(1), k: () => step(-1), n: focusNote }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

function step(by) {
  move(by);
  draw();
  one.focus({ preventScroll: true });
}
