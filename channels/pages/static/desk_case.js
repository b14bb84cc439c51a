// The open case: its head, the pages, what stands beside them, and the steps below. Draws again when something changed.

import * as api from "./desk_api.js";
import { actionsNode } from "./desk_actions.js";
import { changesBetween } from "./desk_changes.js";
import { dialogIsOpen, say, sentence, sure } from "./desk_dialog.js";
import { fieldsNode, forgetShown, historyNode, slotsNode, unmaskButton, valueOf } from "./desk_fields.js";
import { findingsNode } from "./desk_findings.js";
import { markChosen, refresh } from "./desk_queue.js";
import { allFindings, changed, desk, found, holderName, isMine, isOthers, isSaving, onChange, reload, showTab, take } from "./desk_state.js";
import { drawViewer, showPlace, viewerNode } from "./desk_viewer.js";
import { t } from "./desk_words.js";
import { el } from "./dom.js";

const place = document.getElementById("case");
const TABS = { findings: findingsNode, fields: fieldsNode, slots: slotsNode, history: historyNode };
const KEY_OF = { findings: "f", fields: "v", slots: "m", history: "h" };
const RENEW_MS = 4 * 60 * 1000;
const WAITING = ["submitted", "reviewing"];
const PROGRESS_MS = 2000;

let [head, side, foot, news] = [null, null, null, null];
let renewed = 0;
let asked = 0;

export function setWho(who) {
  if (desk.me && desk.me.id !== who.id) location.reload();
  desk.me = who;
}

export const whoIsBack = () => desk.case && heldCase();

export async function openCase(id) {
  if (desk.case?.id === id) return;
  const mine = ++asked;
  markChosen(id);
  place.replaceChildren(el("p", { class: "empty" }, t.loading));
  desk.case = null;
  try {
    const fresh = await api.get(api.casePath(id));
    if (mine !== asked) return;
    begin(fresh);
  } catch (failure) {
    if (mine === asked) place.replaceChildren(el("p", { class: "problem", role: "alert" }, sentence(failure)));
  }
}

function begin(fresh) {
  Object.assign(desk, { finding: null, tab: fresh.blind || fresh.verdict ? "findings" : "slots", news: null });
  forgetShown();
  head = el("header", { class: "case-head" });
  news = el("div", { class: "news", role: "alert" });
  side = el("section", { class: "side" });
  foot = el("div");
  place.replaceChildren(head, news, el("div", { class: "case-body" }, viewerNode(), side), foot);
  desk.case = fresh;
  desk.finding = allFindings()[0]?.key ?? null;
  changed();
  const first = found()?.evidence[0];
  if (first) showPlace(first, { close: false });
  waitForReview(fresh.id);
}

export function closeCase() {
  asked += 1;
  desk.case = null;
  markChosen(null);
  place.replaceChildren(el("div", { class: "nothing" }, el("p", {}, t.pickCase), el("p", { class: "fine" }, t.pickHint)));
}

onChange((what) => {
  if (!desk.case) return;
  keepingFocus(() => {
    if (what === "case" || what === "unmasked") drawHead();
    if (what === "case") {
      drawNews();
      drawViewer();
      foot.replaceChildren(actionsNode());
    }
    drawSide();
  });
  if (what === "finding") follow();
  if (what === "case") refresh();
});

// The finding that was gone to: its place is shown, and it is on the screen.
function follow() {
  const finding = found();
  if (finding?.evidence[0]) showPlace(finding.evidence[0]);
  drawViewer();
  side.querySelector(".finding.chosen")?.scrollIntoView({ block: "nearest" });
}

// Drawing again must not take away the focus, nor the place to which somebody scrolled.
function keepingFocus(draw) {
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  const mark = focused && ["data-finding", "data-tab", "data-event", "data-decide", "data-correct", "id"].find((name) => focused.hasAttribute(name));
  const find = mark && `[${mark}="${CSS.escape(focused.getAttribute(mark))}"]`;
  const body = side.querySelector(".side-body");
  const scrolled = body?.scrollTop ?? 0;
  const typing = focused?.closest("form");
  const order = typing ? [...typing.elements].indexOf(focused) : -1;
  const chosen = focused && "selectionStart" in focused ? [focused.selectionStart, focused.selectionEnd] : null;
  draw();
  const after = side.querySelector(".side-body");
  if (after) after.scrollTop = scrolled;
  if (!focused || focused.isConnected || dialogIsOpen()) return;
  const again = find ? place.querySelector(find) : order >= 0 ? side.querySelector("form")?.elements[order] : null;
  (again ?? side.querySelector(".finding.chosen .finding-head") ?? place).focus({ preventScroll: true });
  if (again && chosen?.[0] !== null && typing) again.setSelectionRange?.(...chosen);
}

function drawHead() {
  const one = desk.case;
  const due = one.deadlines.map((line) => el("span", {
    class: `tag ${{ passed: "late", alarm: "soon" }[line.standing] ?? ""}`, title: line.date,
  }, `${line.label} ${t.workingDays(line.days_left)}`));
  const waiting = one.progress ? t.reviewing(one.progress.done, one.progress.total) : WAITING.includes(one.state) ? t.waitingReview : null;
  head.replaceChildren(
    el("div", { class: "case-line" },
      el("h2", {}, one.item.name), el("span", { class: "number" }, one.number ?? ""),
      el("span", { class: "tag state" }, one.state_label), one.round > 1 && el("span", { class: "tag" }, t.round(one.round)),
      ...due, waiting && el("span", { class: "fine", role: "status" }, waiting), leaseNode()),
    el("div", { class: "case-line who" }, ...applicantNodes(one), ...givenNodes(one)));
}

function applicantNodes(one) {
  return Object.entries(t.applicantFields).filter(([name]) => one.applicant[name]).map(([name, label]) =>
    el("span", { class: "given" }, el("span", { class: "fine" }, label), ` ${valueOf(`applicant.${name}`, one.applicant[name])}`,
      unmaskButton(`applicant.${name}`, label)));
}

function givenNodes(one) {
  const answers = one.questions.filter((ask) => one.choices[ask.situation]).map((ask) =>
    [ask.ask, ask.options.find((option) => option.value === one.choices[ask.situation])?.label ?? one.choices[ask.situation]]);
  const declared = one.declared_fields.filter((line) => line.name in one.declared).map((line) =>
    [line.label, { true: t.yes, false: t.no }[one.declared[line.name]] ?? String(one.declared[line.name])]);
  return [...answers, ...declared].map(([label, value]) => el("span", { class: "given" }, el("span", { class: "fine" }, label), ` ${value}`));
}

function leaseNode() {
  const one = desk.case;
  if (!one.may.length) return el("span", { class: "lease fine" }, "");
  const until = one.claim_until && new Date(one.claim_until).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
  const button = (label, act, kind = null) => el("button", { type: "button", class: kind, id: "lease", onclick: act }, label);
  if (isMine()) return el("span", { class: "lease" }, el("span", { class: "tag good" }, t.lease(until)), button(t.release, release, "quiet"));
  if (isOthers()) return el("span", { class: "lease" }, el("span", { class: "tag should" }, t.leaseOther(holderName(one), until)), button(t.takeOver, takeOver));
  return el("span", { class: "lease" }, el("span", { class: "fine" }, t.leaseNone), button(t.claim, () => claim(false), "primary"));
}

async function claim(over) {
  await asking(async () => {
    renewed = Date.now();
    take(await api.post(api.casePath(desk.case.id, "/claim"), { take_over: over }));
  });
}

async function takeOver() {
  if (await sure(t.takeOver, t.takeOverSure(holderName(desk.case)), t.takeOver)) await claim(true);
}

const release = () => asking(async () => take(await api.post(api.casePath(desk.case.id, "/release"))));

async function asking(act) {
  try {
    await act();
  } catch (failure) {
    say(sentence(failure));
    if (failure.status === 409) await reload().catch(() => null);
  }
}

function drawNews() {
  const one = desk.news;
  news.hidden = !one;
  if (!one) return news.replaceChildren();
  const close = () => {
    desk.news = null;
    drawNews();
  };
  return news.replaceChildren(
    el("div", {}, el("strong", {}, one.title), one.hint && el("p", {}, one.hint), el("ul", {}, ...one.lines.map((line) => el("li", {}, line)))),
    el("button", { type: "button", class: "quiet", onclick: close }, t.close));
}

function drawSide() {
  const one = desk.case;
  const open = one.findings?.filter((finding) => finding.status !== "hint" && !finding.decision).length ?? 0;
  const hand = one.fields.filter((field) => field.handwritten && !field.corrected).length;
  const missing = one.slots.filter((slot) => slot.need === "required" && !slot.filled).length;
  const counts = { findings: one.blind ? 0 : open, fields: hand, slots: missing };
  const tabs = Object.keys(TABS).map((name) => el("button", {
    type: "button", role: "tab", id: `tab-${name}`, "data-tab": name, "aria-selected": String(desk.tab === name), "aria-controls": "side-body",
    "aria-keyshortcuts": KEY_OF[name], tabindex: desk.tab === name ? "0" : "-1", onclick: () => showTab(name),
  }, t[name], counts[name] > 0 && el("span", { class: "count" }, String(counts[name]))));
  const list = el("div", { class: "tabs", role: "tablist", "aria-label": t.verdict }, ...tabs);
  list.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const names = Object.keys(TABS);
    showTab(names[(names.indexOf(desk.tab) + by + names.length) % names.length]);
    document.getElementById(`tab-${desk.tab}`).focus();
  });
  side.replaceChildren(list,
    el("div", { class: "side-body", id: "side-body", role: "tabpanel", tabindex: "-1", "aria-labelledby": `tab-${desk.tab}` }, TABS[desk.tab]()));
}

// Called while somebody is at the desk: keeps one's lease, and tells when it was lost or the case moved.
export async function heldCase() {
  const before = desk.case;
  if (!before) return;
  try {
    const renew = isMine(before) && Date.now() - renewed > RENEW_MS;
    if (renew) renewed = Date.now();
    const fresh = renew ? await api.post(api.casePath(before.id, "/claim")) : await api.get(api.casePath(before.id));
    if (desk.case !== before || isSaving()) return; // one's own change is no news
    noticed(before, fresh);
  } catch (failure) {
    if (failure.code === "claimed_by_another" && desk.case === before) noticed(before, await api.get(api.casePath(before.id)));
  }
}

function noticed(before, fresh) {
  const moved = before.version !== fresh.version;
  const lost = before.mine && !fresh.mine;
  if (!moved && before.claimed_by?.id === fresh.claimed_by?.id && before.claim_until === fresh.claim_until) return;
  const title = lost ? (fresh.claimed_by ? t.leaseLost(holderName(fresh)) : t.leaseEnded) : t.conflict;
  if (lost || moved) desk.news = { title, hint: null, lines: changesBetween(before, fresh) };
  take(fresh);
}

function waitForReview(id) {
  if (desk.case?.id !== id || !WAITING.includes(desk.case.state)) return;
  setTimeout(async () => {
    if (desk.case?.id !== id || document.hidden) return waitForReview(id);
    await reload().catch(() => null);
    return waitForReview(id);
  }, PROGRESS_MS);
}

