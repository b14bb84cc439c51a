// How far it is: number, deadlines in words, papers, taking it back.

import { askToWithdraw } from "./case_leave.js";
import { el } from "./dom.js";

// Until when, and what was written to the applicant.
export function drawTold(app) {
  return [deadlines(app), papers(app)];
}

export function drawFacts(app) {
  return [facts(app), app.may("withdraw") ? withdraw(app) : ""];
}

const day = new Intl.DateTimeFormat("zh-CN", { month: "long", day: "numeric", weekday: "short" });
const moment = new Intl.DateTimeFormat("zh-CN", { year: "numeric", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit" });

function deadlines(app) {
  const { t, view } = app;
  if (!view.deadlines.length) return "";
  const rows = view.deadlines.map((one) => {
    const said = (t.deadline[one.kind] ?? ((on) => `${one.label}：${on}`))(day.format(new Date(`${one.date}T00:00`)));
    return el("li", { "data-standing": one.standing }, el("span", {}, said), el("strong", {}, one.standing === "stopped" ? t.stopped : t.daysLeft(one.days_left)));
  });
  return el("section", { class: "c-card" }, el("h3", {}, t.deadlinesTitle), el("ul", { class: "c-deadlines" }, rows));
}

// A hall's screen opens and saves nothing: the papers are for the visitor's own phone.
function papers(app) {
  const { t, view } = app;
  if (!view.notices.length) return "";
  const rows = [...view.notices].reverse().map((one) => {
    const name = app.papers[one.kind] ?? one.kind;
    const link = (suffix, label, more) => el("a", { class: "button", href: app.server.notice(one.id, suffix), "aria-label": `${label}：${name}`, ...more }, label);
    return el(
      "li",
      {},
      el("div", {}, el("strong", {}, name), el("small", {}, `${one.number} · ${moment.format(new Date(one.date))}`)),
      app.shared ? "" : el("div", { class: "c-paper-acts" }, link("html", t.view, { target: "_blank" }), link("pdf", t.pdf, { download: "" })),
    );
  });
  return el("section", { class: "c-card" }, el("h3", {}, t.noticesTitle), el("ul", { class: "c-papers" }, rows), app.shared ? el("p", { class: "c-hint" }, t.onOwnDevice) : "");
}

function facts(app) {
  const { t, view } = app;
  if (!view.number) return "";
  const row = (name, value) => el("div", {}, el("dt", {}, name), el("dd", {}, value));
  return el(
    "section",
    { class: "c-card" },
    el("h3", {}, t.standsTitle),
    el("dl", { class: "c-facts" }, row(t.now, view.state_label), row(t.number_, view.number), view.received_at ? row(t.received, moment.format(new Date(view.received_at))) : ""),
  );
}

function withdraw(app) {
  return el("button", { type: "button", class: "c-quiet c-withdraw", "data-key": "withdraw", onclick: () => askToWithdraw(app) }, app.t.withdraw);
}
