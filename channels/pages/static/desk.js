// The desk: who is signed in, which view, which case. The parts of the page stand in modules of their own.

import * as api from "./desk_api.js";
import { leaveAnswers, openAnswers } from "./desk_answers.js";
import { closeCase, heldCase, openCase, setWho, whoIsBack } from "./desk_case.js";
import { openDialog } from "./desk_dialog.js";
import { lock, ownAccount, setUpHere, signInHere } from "./desk_door.js";
import { showFigures } from "./desk_figures.js";
import { startKeys } from "./desk_keys.js";
import { refresh, startQueue } from "./desk_queue.js";
import { openRules } from "./desk_rules.js";
import { showStaff } from "./desk_staff.js";
import { t } from "./desk_words.js";
import { el } from "./dom.js";

const $ = (id) => document.getElementById(id);
const IDLE_MS = 10 * 60 * 1000;
const LOOK_MS = 30 * 1000;
const OF_ROLE = {
  cases: ["clerk", "senior", "auditor"], rules: ["editor", "senior", "auditor"], figures: ["senior", "editor", "auditor"],
  answers: ["editor", "senior", "auditor"], staff: ["admin"],
};

let who = null;
let view = null;
let lastTouched = Date.now();
let locking = null;

const allowed = (name) => OF_ROLE[name].some((role) => who.roles.includes(role));

function start() {
  startQueue((id) => go("cases", id));
  startKeys({ keys: showKeys });
  addEventListener("hashchange", follow);
  $("me").addEventListener("click", () => ownAccount(who, () => location.replace("/desk")));
  $("show-keys").addEventListener("click", showKeys);
  for (const kind of ["pointerdown", "keydown", "wheel"]) {
    addEventListener(kind, () => (lastTouched = Date.now()), { capture: true, passive: true });
  }
  setInterval(look, LOOK_MS);
  api.onSignedOut(() => (who ? unlock(true) : begin()));
}

async function begin(note = null) {
  const found = "known" in document.body.dataset ? await api.session().catch(() => null) : null;
  enter(found ?? (await signInHere(note)));
}

function enter(found) {
  who = found;
  setWho(who);
  $("top").hidden = false;
  $("me").textContent = who.name;
  $("me").title = who.roles.map((role) => t.roles[role]).join("、");
  const views = Object.keys(OF_ROLE).filter(allowed);
  $("views").replaceChildren(...views.map((name) =>
    el("button", { type: "button", "data-view": name, onclick: () => go(name) }, t.views[name])));
  $("show-keys").hidden = !allowed("cases");
  document.documentElement.dataset.ready = "";
  follow();
}

// What the page shows stands behind `#`, so that going back and reloading work.
function go(name, id = null) {
  const hash = id ? `#${name}/${id}` : `#${name}`;
  if (location.hash === hash) follow();
  else location.hash = hash;
}

function follow() {
  if (!who) return;
  const [name, ...rest] = location.hash.slice(1).split("/");
  const wanted = OF_ROLE[name] && allowed(name) ? name : Object.keys(OF_ROLE).find(allowed);
  show(wanted);
  if (wanted === "rules") openRules($("rules"), who, name === "rules" ? rest : []);
  if (wanted === "answers") openAnswers(who, name === "answers" ? rest : []);
  else leaveAnswers();
  if (wanted !== "cases") return;
  const id = rest[0];
  if (id) openCase(id);
  else closeCase();
}

function show(name) {
  $("desk").hidden = name !== "cases";
  $("rules").hidden = name !== "rules";
  $("answers").hidden = name !== "answers";
  $("wide").hidden = ["cases", "rules", "answers"].includes(name);
  for (const button of $("views").children) {
    if (button.dataset.view === name) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  }
  if (view === name) return;
  view = name;
  if (name === "cases") refresh();
  else if (name === "staff") showStaff($("wide"));
  else if (name === "figures") showFigures($("wide"));
}

// Nothing is asked of the server while nobody is here: asking would keep the session open for whoever comes by.
function look() {
  if (!who || locking) return;
  const idle = Date.now() - lastTouched;
  if (idle > IDLE_MS) {
    api.signOut().catch(() => null);
    unlock(false);
  } else if (idle < 4 * LOOK_MS && !document.hidden && view === "cases") {
    refresh();
    heldCase();
  }
}

function unlock(expired) {
  locking ??= lock(who, expired).then((back) => {
    locking = null;
    lastTouched = Date.now();
    who = back;
    setWho(who);
    whoIsBack();
  });
  return locking;
}

function showKeys() {
  return openDialog(t.keys, (body) => {
    const lines = t.keyList.map(([keys, what]) => el("div", {}, el("dt", {}, el("kbd", {}, keys)), el("dd", {}, what)));
    body.append(el("dl", { class: "key-list" }, ...lines), el("p", { class: "fine" }, t.keysHint));
  });
}

start();
if (location.pathname === "/desk/setup") setUpHere().then(begin);
else begin();
