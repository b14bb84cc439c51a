// The checklist inside the page: tick boxes, open questions that make it exact, print, Word, QR code.

import { el } from "./dom.js";
import { forThisTab, readJson } from "./storage.js";
import { getJson } from "./stream.js";

const TICKED = "xiaoxin.ticked";

export function forgetTicks() {
  forThisTab.remove(TICKED);
}

export function addressOf(item, choices) {
  const query = new URLSearchParams(choices).toString();
  return `#checklist/${encodeURIComponent(item)}${query ? `?${query}` : ""}`;
}

// {item, choices} of a page address, null where it is none of a checklist.
export function readAddress(hash) {
  const found = hash.match(/^#checklist\/([^?]+)(?:\?(.*))?$/);
  return found && { item: decodeURIComponent(found[1]), choices: Object.fromEntries(new URLSearchParams(found[2] ?? "")) };
}

// `does` = {back(), go(item, choices), replace(item, choices)}
export async function showChecklist(view, { item, choices }, t, hall, does) {
  const wanted = addressOf(item, choices);
  view.dataset.wanted = wanted;
  if (!view.querySelector(".sheet-of-paper")) view.replaceChildren(top(t, does), el("p", { class: "working" }, t.loading));
  const query = new URLSearchParams(choices).toString();
  const base = `/v1/items/${encodeURIComponent(item)}`;
  try {
    const [list, whole] = await Promise.all([getJson(`${base}/checklist${query ? `?${query}` : ""}`), getJson(base)]);
    if (view.dataset.wanted !== wanted) return;
    draw(view, { list, whole, query, base, choices }, t, hall, does);
  } catch (failure) {
    if (view.dataset.wanted !== wanted) return;
    const again = () => showChecklist(view, { item, choices }, t, hall, does);
    view.replaceChildren(
      top(t, does),
      el(
        "div",
        { class: "card", role: "alert" },
        el("p", {}, failure.sentence ?? t.failed[failure.kind] ?? t.failed.server),
        el("button", { type: "button", class: "big primary", onclick: again }, t.retry),
      ),
    );
  }
}

function draw(view, { list, whole, query, base, choices }, t, hall, does) {
  const suffix = query ? `?${query}` : "";
  const title = el("h2", { tabindex: "-1" }, el("span", {}, list.name), " ", el("span", {}, t.checklist));
  const code = (place) =>
    el("figure", { class: place }, el("img", { src: `${base}/checklist.svg${suffix}`, alt: "", width: 160, height: 160 }), el("figcaption", {}, t.qr));
  view.replaceChildren(
    top(t, does),
    el(
      "article",
      { class: "sheet-of-paper", lang: document.documentElement.lang },
      el("header", {}, el("div", {}, title, el("p", { class: "fine" }, hall.name), el("p", { class: "progress", "aria-live": "polite" })), code("code-top")),
      ...situation(list, choices, t, does),
      ...instead(list, t, does),
      ...notices(list, t),
      ...materials(list, t),
      ...dependents(t.conditions, list.conditions, t),
      ...dependents(t.charges, list.charges, t),
      ...places(whole, t),
      ...legal(whole, t),
      el(
        "footer",
        { class: "take-away" },
        code("code-end"),
        el("p", { class: "fine" }, t.origin(hall.name, hall.hotline)),
        el("p", { class: "fine" }, t.aiLabel),
      ),
    ),
    el(
      "div",
      { class: "actions" },
      el("button", { type: "button", class: "big primary", onclick: () => window.print() }, t.print),
      el("a", { class: "big button", href: `${base}/checklist.docx${suffix}`, download: "" }, t.word),
      list.item_instead ? "" : el("a", { class: "big button", href: caseAddress(list), "data-hand-in": "" }, t.handIn),
    ),
  );
  keepTicks(view, list.item, t);
  title.focus({ preventScroll: true });
}

// Where these materials can be handed in; a terminal stays what it is.
function caseAddress(list) {
  const root = document.documentElement.dataset;
  const here = new URLSearchParams(location.search);
  const query = new URLSearchParams(list.choices.map(({ situation, value }) => [situation, value]));
  query.set("item", list.item);
  for (const name of ["terminal", "region"]) if (here.has(name)) query.set(name, here.get(name));
  if (root.profile === "elder") query.set("profile", "elder");
  if ("kiosk" in root) {
    query.set("from", "kiosk");
    if (!query.has("terminal")) query.set("terminal", "kiosk");
  }
  return `/case?${query}`;
}

function top(t, does) {
  return el("div", { class: "view-top" }, el("button", { type: "button", class: "back", onclick: does.back }, t.back));
}

function section(title, ...content) {
  return el("section", {}, el("h3", {}, title), ...content);
}

function situation(list, choices, t, does) {
  const parts = [];
  if (list.choices.length) {
    const rows = list.choices.map((choice) => {
      const without = Object.fromEntries(Object.entries(choices).filter(([name]) => name !== choice.situation));
      const change = el("button", { type: "button", class: "chip", "aria-label": `${t.change}：${choice.ask}`, onclick: () => does.replace(list.item, without) }, t.change);
      return el("li", {}, el("span", {}, choice.ask), el("strong", {}, choice.label), change);
    });
    parts.push(el("section", { class: "your-case" }, el("h3", {}, t.yourCase), el("ul", {}, rows)));
  }
  if (list.open_questions.length) {
    const questions = list.open_questions.map((open) =>
      el(
        "fieldset",
        { class: "open-question" },
        el("legend", {}, open.ask),
        open.options.map(([value, label]) =>
          el("button", { type: "button", class: "big", onclick: () => does.replace(list.item, { ...choices, [open.situation]: value }) }, label),
        ),
      ),
    );
    parts.push(el("section", { class: "refine" }, el("h3", {}, t.refine), questions));
  }
  return parts;
}

function instead(list, t, does) {
  if (!list.item_instead) return [];
  const open = () => does.go(list.item_instead, {});
  return [section(t.instead, el("button", { type: "button", class: "big primary", onclick: open }, t.openInstead))];
}

function notices(list, t) {
  return list.notices.length ? [el("section", { class: "notices" }, el("h3", {}, t.notices), list.notices.map((notice) => el("p", {}, notice)))] : [];
}

function materials(list, t) {
  if (list.item_instead) return [];
  const parts = [];
  const certain = list.lines.map((line) => tick(line, t));
  const groups = list.groups.map((group) =>
    el("fieldset", { class: "one-of" }, el("legend", {}, t.oneOf(group.label)), el("ul", { class: "ticks" }, group.lines.map((line) => tick(line, t)))),
  );
  const all = certain.length + groups.length + list.by_situation.length + list.shared.length;
  parts.push(section(t.bring, certain.length ? el("ul", { class: "ticks" }, certain) : all ? "" : el("p", {}, t.nothing), groups));
  if (list.by_situation.length) parts.push(section(t.depends, el("ul", { class: "ticks" }, list.by_situation.map((line) => tick(line, t)))));
  if (list.shared.length) {
    parts.push(section(t.shared, el("ul", {}, list.shared.map((line) => el("li", {}, line.name, line.note ? `，${line.note}` : "")))));
  }
  return parts;
}

function tick(line, t) {
  const counts = [line.original ? t.original(line.original) : null, line.copies ? t.copies(line.copies) : null].filter(Boolean);
  const key = [line.material ?? line.name, line.note ?? ""].join("|");
  return el(
    "li",
    {},
    el(
      "label",
      { class: "tick" },
      el("input", { type: "checkbox", "data-key": key, "data-depends": line.depends_on.length > 0 }),
      el(
        "span",
        {},
        el("strong", {}, line.name),
        counts.length ? el("span", { class: "count" }, counts.join("、")) : "",
        line.depends_on.length ? el("span", { class: "case" }, t.when(line.depends_on)) : "",
        line.note ? el("span", { class: "note" }, line.note) : "",
        line.local === "to_be_confirmed" ? el("span", { class: "note" }, t.toBeConfirmed) : "",
        line.basis ? el("span", { class: "basis" }, line.basis) : "",
      ),
    ),
  );
}

function dependents(title, all, t) {
  if (!all.length) return [];
  const lines = all.map((one) =>
    el(
      "li",
      {},
      one.text,
      one.yuan !== null ? `：${t.yuan(one.yuan, one.unit)}` : "",
      one.note ? el("span", { class: "note" }, one.note) : "",
      one.depends_on.length ? el("span", { class: "case" }, t.caseOf(one.depends_on)) : "",
    ),
  );
  return [section(title, el("ul", {}, lines))];
}

function places(whole, t) {
  if (!whole.places.length) return [];
  const lines = whole.places.map((place) =>
    el(
      "li",
      {},
      el("strong", {}, place.name),
      ...[[t.address, place.address], [t.hours, place.hours], [t.phone, place.phone]].filter(([, value]) => value).map(([name, value]) => el("span", { class: "note" }, `${name}：${value}`)),
      place.note ? el("span", { class: "note" }, place.note) : "",
      place.local === "to_be_confirmed" ? el("span", { class: "note" }, t.toBeConfirmed) : "",
    ),
  );
  return [section(t.places, el("ul", {}, lines))];
}

function legal(whole, t) {
  if (!whole.legal_basis.length) return [];
  const lines = whole.legal_basis.map(({ law, article }) => el("li", {}, `《${law}》${article ? `第${article}条` : ""}`));
  return [section(t.legalBasis, el("ul", {}, lines))];
}

// What is needed in any case: of alternatives one box is enough.
function toPrepare(view) {
  const certain = (box) => !("depends" in box.dataset);
  const single = [...view.querySelectorAll(".ticks input")].filter((box) => !box.closest(".one-of") && certain(box));
  const groups = [...view.querySelectorAll(".one-of")].map((group) => [...group.querySelectorAll("input")]);
  return [...single.map((box) => [box]), ...groups.filter((boxes) => boxes.some(certain))];
}

function keepTicks(view, item, t) {
  const boxes = [...view.querySelectorAll("input[data-key]")];
  const ticked = new Set(readJson(forThisTab, TICKED, {})[item] ?? []);
  const progress = view.querySelector(".progress");
  const count = () => {
    const needed = toPrepare(view);
    progress.textContent = needed.length ? t.ticked(needed.filter((one) => one.some((box) => box.checked)).length, needed.length) : "";
  };
  for (const box of boxes) {
    box.checked = ticked.has(box.dataset.key);
    box.addEventListener("change", () => {
      const all = readJson(forThisTab, TICKED, {});
      all[item] = boxes.filter((one) => one.checked).map((one) => one.dataset.key);
      forThisTab.set(TICKED, JSON.stringify(all));
      count();
    });
  }
  count();
}
