// How right each rule is, by what officers said to it, and how often each officer overrules the machine.

import * as api from "./desk_api.js";
import { select, sentence } from "./desk_dialog.js";
import { t } from "./desk_words.js";
import { el } from "./dom.js";

const percent = (share) => (share === null ? "—" : `${Math.round(share * 100)}%`);

export async function showFigures(place) {
  place.replaceChildren(el("p", { class: "fine" }, t.loading));
  try {
    draw(place, await api.get("/figures"));
  } catch (failure) {
    place.replaceChildren(el("p", { class: "problem", role: "alert" }, sentence(failure)));
  }
}

function draw(place, { rules, officers }) {
  const items = new Map(rules.map((one) => [one.item, one.item_name ?? one.item]));
  const choice = select([["", t.allItems], ...items], { "aria-label": t.item });
  const body = el("tbody");
  const fill = () => body.replaceChildren(...rules.filter((one) => !choice.value || one.item === choice.value).sort(byNeed).map(ruleLine));
  choice.addEventListener("change", fill);
  fill();
  place.replaceChildren(
    el("div", { class: "wide-head" }, el("h2", {}, t.figuresTitle), el("p", { class: "fine" }, t.figuresHint), el("div", { class: "narrow" }, choice)),
    rules.length ? el("table", { class: "rules" }, head(t.ruleColumns), body) : el("p", { class: "empty" }, t.figuresNone),
    el("div", { class: "wide-head" }, el("h2", {}, t.officersTitle), el("p", { class: "fine" }, t.officersHint)),
    officers.length ? el("table", { class: "officers" }, head(t.officerColumns), el("tbody", {}, ...officers.map(officerLine))) : el("p", { class: "empty" }, t.figuresNone));
}

// What was demoted first, then what is wrong most often; what nobody decided on comes last.
function byNeed(one, other) {
  return other.demoted - one.demoted || (one.precision ?? 2) - (other.precision ?? 2) || other.firings - one.firings;
}

const head = (columns) => el("thead", {}, el("tr", {}, ...columns.map((name, at) => el("th", { scope: "col", class: at > 1 ? "number" : null }, name))));
const numbers = (...values) => values.map((value) => el("td", { class: "number" }, String(value)));

function ruleLine(one) {
  return el("tr", {},
    el("th", { scope: "row" }, one.rule, one.demoted && el("span", { class: "tag must" }, t.demoted)),
    el("td", {}, one.item_name ?? one.item, el("span", { class: "fine" }, ` ${one.version}`)),
    ...numbers(one.checked, one.firings, percent(one.precision), percent(one.recall), percent(one.blind_recall), percent(one.undetermined_rate)));
}

const officerLine = (one) => el("tr", {}, el("th", { scope: "row" }, one.name), el("td", {}, percent(one.override_rate)),
  ...numbers(one.decided, one.overruled, one.added));
