// The sheet that shows where an answer stands: field, words, law, file.

import { el, safeUrl } from "./dom.js";

const LAW = /《[^《》]+》(?:第[\d一二三四五六七八九十百之]+条)?/g;

export function fieldName(field, t) {
  return field ? (t.fields[field.replace(/\[\d+\]$/, "")] ?? field) : "";
}

export function showSource(citation, t, links) {
  const sheet = document.getElementById("source");
  const laws = [...new Set(citation.quote.match(LAW) ?? [])];
  const url = links && citation.url ? safeUrl(citation.url) : null;
  sheet.replaceChildren(
    el(
      "div",
      { class: "sheet-head" },
      el("h2", { id: "source-title" }, t.sourceTitle),
      el("button", { type: "button", class: "close", onclick: () => sheet.close() }, t.close),
    ),
    el("h3", {}, t.sourceQuote),
    el("blockquote", { lang: "zh-CN" }, citation.quote.split("\n").filter(Boolean).map((line) => el("p", {}, line))),
    ...(laws.length ? [el("h3", {}, t.sourceLaw), el("ul", { lang: "zh-CN" }, laws.map((law) => el("li", {}, law)))] : []),
    el("dl", {}, rows(citation, t)),
    url ? el("a", { class: "big button", href: url, target: "_blank", rel: "noopener noreferrer" }, t.sourceLink) : "",
  );
  sheet.showModal();
  sheet.scrollTop = 0;
}

function rows(citation, t) {
  const shown = [
    [t.sourceField, [citation.title, fieldName(citation.field, t)].filter(Boolean).join(" · ")],
    [t.sourceFile, citation.source],
    [t.sourceFrom, citation.effective_from],
  ];
  return shown.filter(([, value]) => value).map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)));
}

export function closeOnBackdrop(sheet) {
  sheet.addEventListener("click", (event) => {
    if (event.target === sheet) sheet.close();
  });
}
