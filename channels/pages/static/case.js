// The page of one case: begin, fill in, hand in, wait, see what to correct. Draws what the server says the case is.

import { showBegin } from "./case_begin.js";
import { CaseAtServer } from "./case_api.js";
import { showForm, wantsForm } from "./case_form.js";
import { forget, keepOpen, openCase, remembered, takeFromAddress, wipe } from "./case_keep.js";
import { askToLeave, leaveByItself, openLink } from "./case_leave.js";
import { drawMaterials, drawUpload } from "./case_list.js";
import { drawReading } from "./case_reading.js";
import { drawResult } from "./case_result.js";
import { drawFacts, drawTold } from "./case_stands.js";
import { Uploads } from "./case_uploads.js";
import { words } from "./case_words.js";
import { el } from "./dom.js";
import { apply, choose, profile, region, settings, terminal } from "./settings.js";
import { closeOnBackdrop } from "./source.js";

const $ = (id) => document.getElementById(id);
const given = document.body.dataset;
const POLL_MS = { reading: 1000, beside: 4000, later: 30000 };
const WAITING = ["submitted", "reviewing"];
// Here the applicant can do something with what the pre-review found; later the officers have spoken.
const ADVISED = ["awaiting_clerk", "correction_requested", "accepted_with_gap", "gap_passed"];

const app = {
  t: words,
  hall: { name: given.hall, hotline: given.hotline },
  papers: JSON.parse(given.papers),
  limits: { mostBytes: Number(given.mostBytes), draftDays: Number(given.draftDays), caseDays: Number(given.caseDays) },
  region,
  // The page of the hall's avatar, where this visit began there.
  home: new URLSearchParams(location.search).get("from") === "kiosk" ? "/kiosk" : null,
  // A device that others use after this visitor; a phone in large print is still the visitor's own.
  shared: (terminal !== "mobile" || profile !== "standard") && !matchMedia("(max-width: 700px)").matches,
  main: $("case"),
  dock: $("dock"),
  server: null,
  view: null,
  uploads: null,
  thumbs: new Map(),
  editing: false,
  busy: false,
  since: 0,

  announce(sentence) {
    $("announcer").textContent = sentence;
  },

  toast(sentence) {
    $("toast").textContent = sentence;
    clearTimeout(app.toasting);
    app.toasting = setTimeout(() => ($("toast").textContent = ""), 6000);
  },

  may(event) {
    return Boolean(app.view?.can.includes(event));
  },

  // What went wrong in words, for a place on the page that has its own button.
  sentence(failure) {
    if (!failure.kind) console.error(failure);
    return failure.sentence ?? words.failed[failure.kind] ?? words.failed.server;
  },

  // In place of everything; `again` tries once more.
  problem(failure, again) {
    app.screen(
      "problem",
      el(
        "section",
        { class: "c-card c-problem", role: "alert" },
        el("p", {}, app.sentence(failure)),
        el("button", { type: "button", class: "big primary", onclick: again }, words.retry),
        el("p", { class: "c-hint" }, words.orCall(app.hall.hotline)),
        failure.requestId ? el("p", { class: "fine" }, words.requestId(failure.requestId)) : "",
      ),
    );
  },

  // Puts a screen up. A screen that was there keeps its place and its focus; a new one begins at its top.
  screen(name, ...content) {
    const same = app.main.dataset.screen === name;
    const focused = document.activeElement?.dataset?.key;
    const opened = new Set([...app.main.querySelectorAll("details[open][data-key]")].map((one) => one.dataset.key));
    app.main.dataset.screen = name;
    app.main.replaceChildren(...content.flat(4).filter(Boolean));
    if (name !== "case") app.setDock();
    for (const one of app.main.querySelectorAll("details[data-key]")) if (same && opened.has(one.dataset.key)) one.open = true;
    if (!same) {
      scrollTo(0, 0);
      (app.main.querySelector("h2[tabindex], [role=alert]") ?? app.main).focus({ preventScroll: true });
    } else if (focused && document.activeElement === document.body) {
      document.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    }
  },

  setDock(...content) {
    app.dock.hidden = !content.length;
    app.dock.replaceChildren(...content);
  },

  begin(item = null, choices = {}) {
    close();
    showBegin(app, item, choices);
  },

  // A case whose key is known. `view` where the server has just told it.
  open({ id, key, link }, view = null) {
    close();
    app.server = new CaseAtServer({ id, key });
    app.server.link = link;
    app.uploads = new Uploads(app.server, app.limits, uploading);
    history.replaceState(null, "", location.pathname + keptQuery());
    if (view) app.take(view);
    else load();
  },

  // What the server now says. An answer about a case that was left, or overtaken by a later one, is dropped.
  take(view) {
    if (view.id !== app.server?.id || (app.view && view.version < app.view.version)) return;
    const before = app.view;
    app.view = view;
    keepOpen({ id: app.server.id, key: app.server.key, link: app.server.link, name: view.item.name });
    if (WAITING.includes(view.state) && !WAITING.includes(before?.state)) app.since = Date.now();
    if (WAITING.includes(before?.state) && !WAITING.includes(view.state)) app.announce(words.stands[view.state] ?? view.state_label);
    app.draw();
    pollLater();
  },

  draw() {
    const { view } = app;
    if (!view) return;
    for (const id of ["open-link", "leave"]) $(id).hidden = false;
    if (app.may("edit") && (app.editing || wantsForm(view))) return showForm(app);
    app.editing = false;
    if (WAITING.includes(view.state)) app.screen("reading", drawReading(app));
    else if (view.state === "draft") app.screen("case", head(view), drawMaterials(app), drawFacts(app));
    else if (view.verdict && ADVISED.includes(view.state)) app.screen("result", head(view), ...advice(view), drawFacts(app));
    else app.screen("case", head(view), drawTold(app), drawMaterials(app), drawFacts(app));
    drawDock();
  },

  // Runs one request behind a button. `place` takes the sentence of a failure.
  async run(button, label, work, place = null) {
    if (app.busy) return;
    app.busy = true;
    const { server } = app;
    const said = button.textContent;
    button.textContent = label;
    button.setAttribute("aria-busy", "true");
    try {
      await work();
    } catch (failure) {
      if (server !== app.server) return; // left meanwhile
      if (failure.kind === "gone") return gone();
      if (place) place.replaceChildren(el("p", { class: "c-alert", role: "alert" }, app.sentence(failure)));
      else app.toast(app.sentence(failure));
    } finally {
      if (server === app.server) app.busy = false;
      button.textContent = said;
      button.removeAttribute("aria-busy");
    }
  },

  edit() {
    app.editing = true;
    app.draw();
  },

  async refresh() {
    if (!app.server) return;
    app.take(await app.server.see());
  },
};

// What an officer wrote comes before what the machine thinks.
function advice(view) {
  return view.state === "correction_requested" ? [drawTold(app), drawResult(app)] : [drawResult(app), drawTold(app)];
}

function head(view) {
  const mendable = view.state === "awaiting_clerk" && view.verdict?.verdict === "correct_first" && app.may("add_file");
  const stands = mendable ? words.mendable : (words.stands[view.state] ?? view.state_label);
  return el("header", { class: "c-head" }, el("h2", { tabindex: "-1" }, view.item.name), el("p", { class: "c-state" }, stands));
}

function close() {
  app.uploads?.stop();
  clearTimeout(app.polling);
  Object.assign(app, { server: null, view: null, uploads: null, editing: false, busy: false });
  app.thumbs.clear();
  for (const id of ["open-link", "leave"]) $(id).hidden = id === "open-link" || !app.shared;
}

function load() {
  app.screen("opening", el("p", { class: "working" }, words.opening));
  const { server } = app;
  server.see().then(
    (view) => server === app.server && app.take(view),
    (failure) => {
      if (server !== app.server) return;
      if (failure.kind === "gone") gone();
      else app.problem(failure, load);
    },
  );
}

// The link is wrong, or the case is no more.
function gone() {
  const { id, key } = app.server;
  if (remembered().some((one) => one.id === id && one.key === key)) forget(id);
  close();
  wipe();
  app.screen(
    "gone",
    el(
      "section",
      { class: "c-card c-problem", role: "alert", tabindex: "-1" },
      el("h2", {}, words.linkWrongTitle),
      el("p", {}, words.linkWrong),
      el("button", { type: "button", class: "big primary", onclick: () => app.begin() }, words.startAgain),
      el("p", { class: "c-hint" }, words.orCall(app.hall.hotline)),
    ),
  );
}

// ---- files on their way

const uploading = {
  changed(upload) {
    if (upload.row?.isConnected) upload.row.replaceWith(drawUpload(app, upload));
    else if (app.view) app.draw();
    drawDock();
  },
  async sent(upload, answer) {
    if (upload.thumb) app.thumbs.set(answer.file.id, upload.thumb);
    if (answer.duplicate) app.toast(upload.replaces === answer.file.id ? words.sameAgain : words.same(upload.name));
    else app.announce(words.sent(upload.name));
    app.take(answer.case);
    if (upload.replaces && upload.replaces !== answer.file.id && app.view.files.some((one) => one.id === upload.replaces)) {
      await app.server.remove(upload.replaces).then(app.take, (failure) => app.toast(app.sentence(failure)));
    }
  },
  failed(upload) {
    app.announce(`${upload.name}：${words.cannotSend}`);
  },
};

// ---- the bar at the bottom: what comes next

function drawDock() {
  const { view } = app;
  if (!view || app.editing || WAITING.includes(view.state) || !["case", "result"].includes(app.main.dataset.screen)) return app.setDock();
  const event = ["submit", "add_missing"].find(app.may);
  if (!app.may("add_file") && !event) return app.setDock();
  const open = app.uploads.open.length;
  if (view.verdict && !event && !open) return app.setDock();
  const label = event === "add_missing" ? words.handInMissing : view.verdict || view.round > 1 ? words.handInAgain : words.handIn;
  const button = el("button", { type: "button", class: "big primary", "data-key": "submit", "aria-describedby": "dock-note", disabled: !event || open > 0 }, label);
  const place = el("div", {});
  button.addEventListener("click", () => app.run(button, words.handingIn, async () => app.take(await app.server.submit()), place));
  app.setDock(place, el("p", { id: "dock-note", class: "c-dock-note" }, dockNote(event, open)), button);
}

function dockNote(event, open) {
  const { view } = app;
  if (open) return words.stillSending(open);
  if (view.questions.some((one) => !(one.situation in view.choices))) return words.answerFirst;
  if (!view.files.length) return words.nothingYet;
  if (view.verdict) return "";
  const names = missing(view);
  return names.length ? words.stillMissing(names.join("、")) : words.allThere;
}

function missing(view) {
  const open = view.slots.filter((one) => !one.filled && one.need === "required" && !one.may_follow).map((one) => one.name);
  const groups = new Map();
  for (const one of view.slots) if (one.need === "one_of") groups.set(one.group, groups.get(one.group) || one.filled);
  return [...open, ...[...groups].filter(([, filled]) => !filled).map(([group]) => group)];
}

// ---- how the case moves on while the page is open

function pollLater() {
  clearTimeout(app.polling);
  const { view } = app;
  const pace = WAITING.includes(view.state) ? POLL_MS.reading : app.shared && app.may("add_file") ? POLL_MS.beside : POLL_MS.later;
  app.polling = setTimeout(poll, pace);
}

async function poll() {
  const { server, view } = app;
  if (!server || !view) return;
  if (!app.busy && !app.uploads.open.length && !document.hidden && !app.editing) {
    try {
      const now = await server.see();
      if (server !== app.server) return;
      const moved = JSON.stringify(now) !== JSON.stringify(view) || WAITING.includes(now.state);
      if (moved && app.view === view && !wantsForm(now)) return app.take(now);
    } catch (failure) {
      if (failure.kind === "gone" && server === app.server) return gone();
    }
  }
  if (server === app.server) pollLater();
}

// ---- the frame of the page

function keptQuery() {
  const query = new URLSearchParams(location.search);
  for (const name of [...query.keys()]) if (!["profile", "terminal", "region", "from"].includes(name)) query.delete(name);
  return query.toString() ? `?${query}` : "";
}

function listenToSettings() {
  const sheet = $("settings");
  $("open-settings").addEventListener("click", () => {
    for (const input of sheet.querySelectorAll("input")) input.checked = settings[input.name] === input.value;
    sheet.showModal();
  });
  sheet.addEventListener("change", ({ target }) => choose(target.name, target.value));
}

function showConnection() {
  $("offline").hidden = navigator.onLine;
  $("offline").textContent = navigator.onLine ? "" : words.offline;
  if (navigator.onLine && app.view) app.refresh().catch(() => {});
}

function start() {
  apply();
  document.documentElement.lang = "zh-CN";
  if (app.shared) document.documentElement.dataset.shared = "";
  if (app.home) $("to-start").href = app.home;
  listenToSettings();
  for (const sheet of document.querySelectorAll("dialog.sheet:not(#still)")) closeOnBackdrop(sheet);
  $("open-link").addEventListener("click", () => openLink(app));
  $("leave").addEventListener("click", () => askToLeave(app));
  for (const name of ["online", "offline"]) addEventListener(name, showConnection);
  addEventListener("hashchange", () => {
    const link = takeFromAddress();
    if (link) app.open(link);
  });
  addEventListener("beforeunload", (event) => app.uploads?.open.length && event.preventDefault());
  document.addEventListener("visibilitychange", () => !document.hidden && app.view && !app.editing && app.refresh().catch(() => {}));
  if (!navigator.onLine) showConnection();
  if (app.shared) leaveByItself(app);
  const asked = new URLSearchParams(location.search);
  const link = takeFromAddress() ?? (asked.has("item") ? null : openCase());
  if (link) app.open(link);
  else app.begin(asked.get("item"), choicesOf(asked));
  document.documentElement.dataset.ready = "";
}

function choicesOf(asked) {
  return Object.fromEntries([...asked].filter(([name]) => !["item", "profile", "terminal", "region", "lang", "from"].includes(name)));
}

start();
