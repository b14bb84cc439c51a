// What the judged sample says of all answers, with how far it may lie off.

import * as api from "./desk_api.js";
import { labels, NAMES, w } from "./desk_answers_words.js";
import { select, sentence } from "./desk_dialog.js";
import { t } from "./desk_words.js";
import { el } from "./dom.js";

const SPANS = [4, 13, 26, 52];
const percent = (share) => `${Math.round(share * 100)}%`;

export async function drawFigures(place) {
  const span = select(SPANS.map((weeks) => [weeks, w.weeks(weeks)]), { "aria-label": w.span });
  span.value = "13";
  const body = el("div", { class: "answers-figures" });
  const read = async () => {
    body.replaceChildren(el("p", { class: "fine" }, t.loading));
    try {
      const found = await api.get(`/answers/figures?weeks=${span.value}`);
      body.replaceChildren(...tables(found));
    } catch (failure) {
      body.replaceChildren(el("p", { class: "problem", role: "alert" }, sentence(failure)));
    }
  };
  span.addEventListener("change", read);
  place.replaceChildren(el("div", { class: "answers-span" }, el("p", { class: "fine" }, w.figuresHint), span), body);
  await read();
}

function tables(found) {
  const { pairs, same, kappa } = found.agreement;
  const agreed = pairs ? w.agreed(pairs, percent(same), kappa === null ? "—" : kappa.toFixed(2)) : w.noAgreement;
  const groups = Object.entries(w.groups).map(([key, title]) => table(title, found[key], key)).filter(Boolean);
  return [
    table(w.overall, [{ ...found.overall, name: w.overall }], "overall"),
    el("p", {}, el("strong", {}, `${w.agreement}：`), agreed),
    found.overall.judged ? "" : el("p", { class: "empty" }, w.none),
    ...groups,
  ];
}

function table(title, rows, key) {
  if (!rows.length) return null;
  const counts = w.columns.map((name, at) => el("th", { scope: "col", class: "number", title: w.columnHints[at] || null }, name));
  const heads = NAMES.map((name) => el("th", { scope: "col", class: "number" }, labels[name]));
  return el("table", { class: "answers-table", "data-of": key },
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, title), ...heads, ...counts)),
    el("tbody", {}, ...rows.map((one) => line(one, key))));
}

function line(one, key) {
  const shares = NAMES.map((name) => el("td", { class: "number", "data-label": name }, share(one.shares?.[name])));
  const covered = one.sampled ? percent(one.covered) : "—";
  const counts = [one.sampled, one.judged, one.gone, covered, Math.round(one.turns)];
  return el("tr", { "data-key": one.key }, el("th", { scope: "row" }, nameOf(one, key)), ...shares,
    ...counts.map((count) => el("td", { class: "number" }, String(count))));
}

const nameOf = (one, key) => (key === "by_week" ? w.week(one.key) : one.name || w.noItem);

const share = (one) => (one ? [percent(one.share), el("span", { class: "fine" }, ` [${percent(one.low)}, ${percent(one.high)}]`)] : "—");
