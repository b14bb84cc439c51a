// One sampled answer: what was asked, what was answered from what, and the fields of a label.

import { fieldsOf, state, type } from "./desk_answers_state.js";
import { labels, statuses, terminals, w } from "./desk_answers_words.js";
import { field } from "./desk_dialog.js";
import { el } from "./dom.js";

let note;
let rightItem;

export const focusNote = () => note?.isConnected && note.focus();
export const focusRightItem = () => rightItem?.isConnected && rightItem.focus();

export function drawAnswer(place, row, { judge, keep, remove }) {
  [note, rightItem] = [null, null];
  place.hidden = !row;
  if (!row) return;
  place.replaceChildren(el("div", { class: "answers-text" }, ...head(row), ...said(row)), row.waiting || row.mine ? judging(row, { judge, keep, remove }) : closed(row, remove));
}

function head(row) {
  const tags = [statuses[row.status], terminals[row.terminal] ?? row.terminal, row.item?.name ?? w.noItem, row.item?.life_event, row.day];
  return [
    el("p", { class: "answers-tags" }, ...tags.filter(Boolean).map((one) => el("span", { class: "tag" }, one)),
      row.second && el("span", { class: "tag doubt", title: w.twiceHint }, w.twice)),
    row.before && el("p", { class: "fine" }, `${w.before}：${row.before}`),
    el("h3", { class: "asked" }, el("span", { class: "mark" }, w.question), row.question),
    row.meant && row.meant !== row.question && el("p", { class: "fine" }, `${w.meant}：${row.meant}`),
  ].filter(Boolean);
}

function said(row) {
  const sources = row.citations.map(({ title, quote }) => el("li", {}, el("b", {}, title), ` ${quote}`));
  return [
    el("div", { class: "answered" }, el("span", { class: "mark" }, w.answer), el("p", {}, row.answer)),
    row.options.length > 0 && el("p", { class: "fine" }, `${w.options}：${row.options.join("、")}`),
    row.next_step && el("p", { class: "fine" }, `${w.nextStep}：${row.next_step}`),
    sources.length ? el("details", { class: "sources", open: sources.length <= 3 }, el("summary", {}, `${w.sources}（${sources.length}）`), el("ul", {}, ...sources))
      : el("p", { class: "fine" }, w.noSources),
  ].filter(Boolean);
}

function judging(row, { judge, keep, remove }) {
  const typed = fieldsOf(row);
  const buttons = Object.entries(labels).map(([name, label], at) =>
    el("button", { type: "button", "data-label": name, disabled: name === "should_have_refused" && !row.was_answered, title: name === "should_have_refused" && !row.was_answered ? w.notAnsweredHint : null, "aria-pressed": String(row.mine?.label === name), class: row.mine?.label === name ? "primary" : null, onclick: () => judge(name) },
      el("kbd", {}, String(at + 1)), label));
  const typing = (name) => (event) => {
    type(row, { [name]: event.target.value });
    unsaved.hidden = !row.mine;
  };
  note = el("input", { type: "text", maxlength: 500, autocomplete: "off", oninput: typing("note") });
  note.value = typed.note;
  const more = row.mine && row.mine.label !== "right" ? unlike(typed, typing) : [];
  const unsaved = el("p", { class: "fine unsaved", hidden: !(row.mine && state.typed.has(row.id)) }, w.unsaved);
  const save = el("form", { class: "answers-more", onsubmit: (event) => { event.preventDefault(); if (row.mine) keep(); } },
    ...more, field(w.note, note, w.noteHint),
    el("div", { class: "buttons" }, unsaved, row.mine && el("button", { type: "submit" }, w.keep)));
  return el("div", { class: "judging" },
    el("div", { class: "judging-labels", role: "group", "aria-label": w.question4 }, el("strong", {}, w.question4), ...buttons, removing(remove)),
    save, others(row),
    el("p", { class: "fine answers-keys" }, ...w.keys.flatMap(([keys, what]) => [el("kbd", {}, keys), ` ${what} `])));
}

// Of what is not right: the item that was meant, and what ought to have been said.
function unlike(typed, typing) {
  const known = el("datalist", { id: "answers-items" }, ...[...state.items.keys()].map((name) => el("option", { value: name })));
  rightItem = el("input", { type: "text", list: "answers-items", maxlength: 200, autocomplete: "off", oninput: typing("rightItem") });
  rightItem.value = typed.rightItem;
  const shouldSay = el("textarea", { rows: 2, maxlength: 2000, oninput: typing("shouldSay") });
  shouldSay.value = typed.shouldSay;
  return [field(w.rightItem, rightItem, w.rightItemHint), known, field(w.shouldSay, shouldSay, w.shouldSayHint)];
}

function others(row) {
  if (!row.others.length) return "";
  return el("div", { class: "answers-others" }, el("strong", {}, w.others),
    ...row.others.map((one) => el("p", {}, w.by(one.who, labels[one.label]),
      [one.right_item?.name, one.should_say, one.note].filter(Boolean).map((words) => el("span", { class: "fine" }, ` · ${words}`)))));
}

const closed = (row, remove) => el("div", { class: "judging" },
  el("div", { class: "judging-labels" }, el("p", { class: "fine" }, w.notYours), removing(remove)), others(row));

const removing = (remove) => el("button", { type: "button", class: "quiet remove", onclick: remove }, w.remove);
