// How far a version is from holding, and the steps that are open to this person. A closed one says why.

import * as api from "./desk_api.js";
import { check, field, form, openDialog, say } from "./desk_dialog.js";
import { goTo, mayWrite, reloadRules, rules } from "./desk_rules_state.js";
import { day } from "./desk_rules_set.js";
import { r } from "./desk_rules_words.js";
import { t } from "./desk_words.js";
import { el } from "./dom.js";

const MOST_CASES = 2000;
const USUAL_CASES = 200;
const results = new Map(); // version -> what its last test told, while the page is open

export function stepsOf(version, told) {
  const problems = told.problems.length + told.rules.reduce((sum, one) => sum + one.problems.length, 0);
  const tested = results.get(version.id);
  return el("section", { class: "rule-steps", "aria-label": r.steps },
    progress(version),
    el("p", { class: "fine" }, el("span", {}, `${r.hash} `), el("span", { class: "hash" }, version.sha256)),
    tested ? el("p", { class: tested.good ? "told good" : "problem", role: "status" }, tested.text) : null,
    version.state === "retired" ? el("p", { class: "warn" }, r.retired) : mayWrite() ? buttons(version, problems) : el("p", { class: "fine" }, r.readOnly));
}

function progress(version) {
  const names = r.stepNames.map(([state]) => state);
  const at = names.indexOf(version.state);
  const who = {
    draft: r.by(version.author_name, day(version.created_at)),
    tested: version.differences === null ? r.notReplayed : r.differences(version.differences),
    approved: version.approved_by_name ?? (at < 2 && at >= 0 ? (version.approvers.length ? r.waitsFor(version.approvers) : r.nobody) : ""),
    published: version.published_at ? day(version.published_at) : r.from(version.effective_from),
  };
  return el("ol", { class: "rule-progress" }, ...r.stepNames.map(([state, name], index) =>
    el("li", { class: index <= at ? "done" : null, "aria-current": index === at ? "step" : null },
      el("strong", {}, name), el("span", { class: "fine" }, who[state]))));
}

function buttons(version, problems) {
  const why = el("p", { class: "why", role: "status" });
  const made = steps(version, problems).map((one) => button(one, why));
  why.textContent = reasons(steps(version, problems));
  return el("div", { class: "rule-acts", role: "group", "aria-label": t.actionsBar }, el("div", { class: "action-row" }, ...made), why);
}

const reasons = (all) => all.filter((one) => one.closed).map((one) => `${one.label}：${one.closed}`).join("  ");

// What may be done in this state; `closed` tells why a step may not be taken now.
function steps(version, problems) {
  const { next, state, author } = version;
  const mine = author === rules.me.id;
  const found = [];
  if (next.includes("test")) {
    found.push({ name: "test", label: state === "draft" ? r.act.test : r.act.again, main: state === "draft",
      closed: problems ? r.closed.problems(problems) : null, act: () => test(version) });
  }
  if (["draft", "tested"].includes(state)) {
    const closed = mine ? r.closed.sameAuthor : state === "draft" ? r.closed.notTested : null;
    found.push({ name: "approve", label: r.act.approve, main: true, closed, act: () => approve(version) });
  }
  if (["tested", "approved"].includes(state)) {
    const past = version.effective_from < rules.today ? r.closed.past : null;
    found.push({ name: "publish", label: r.act.publish, main: true, closed: state === "tested" ? r.closed.notApproved : past, act: () => publish(version) });
  }
  if (state !== "published") found.push({ name: "redate", label: r.act.redate, act: () => redate(version) });
  if (next.includes("retire")) found.push({ name: "retire", label: r.act.retire, danger: true, act: () => retire(version) });
  return found;
}

function button(one, why) {
  const kind = one.closed ? null : one.danger ? "danger" : one.main ? "primary" : null;
  const tell = () => one.closed && (why.textContent = `${one.label}：${one.closed}`);
  return el("button", {
    type: "button", class: kind, "data-act": one.name, "aria-disabled": one.closed ? "true" : null, title: one.closed ?? null,
    onfocus: tell, onclick: () => (one.closed ? (tell(), say(`${one.label}：${one.closed}`)) : one.act()),
  }, one.label, one.closed && el("span", { class: "visually-hidden" }, `${t.why}：${one.closed}`));
}

const path = (version, event) => `/rulesets/${encodeURIComponent(version.id)}/${event}`;

async function finish(event, close) {
  close(true);
  say(r.done[event]);
  await reloadRules();
}

function test(version) {
  return openDialog(r.testTitle, (body, close) => {
    const count = el("input", { type: "number", min: 1, max: MOST_CASES, required: true });
    count.value = USUAL_CASES;
    const submit = async () => {
      const told = await api.post(path(version, "test"), { cases: Math.min(Math.max(1, Math.round(Number(count.value)) || USUAL_CASES), MOST_CASES) });
      const good = !told.problems.length;
      const text = good ? r.testDone(told.cases, told.skipped, told.version.replay.length) : r.testFailed(told.problems.length);
      results.set(version.id, { good, text });
      close(true);
      say(text);
      await reloadRules();
    };
    body.append(el("p", {}, r.testHint), form([field(r.testCases, count)], { submit, label: r.act.test, cancel: () => close() }));
  });
}

// Whoever approves tells the hash of what was on the screen.
function approve(version) {
  return openDialog(r.approveTitle, (body, close) => {
    const box = el("input", { type: "checkbox", required: true });
    const submit = async () => {
      await api.post(path(version, "approve"), { sha256: version.sha256 });
      await finish("approve", close);
    };
    const { added, changed, removed } = version.changes;
    body.append(
      el("dl", { class: "rows" },
        pair(r.effectiveFrom, r.from(version.effective_from)), pair(r.replay, r.differences(version.differences ?? 0)),
        pair(t.change, r.summary(added.length, changed.length, removed.length)), pair(r.hash, el("span", { class: "hash" }, version.sha256))),
      el("p", {}, r.approveLaw), form([check(r.approveSeen, box)], { submit, label: r.act.approve, cancel: () => close() }));
  });
}

function publish(version) {
  return openDialog(r.publishTitle, (body, close) => {
    const submit = async () => {
      await api.post(path(version, "publish"));
      await finish("publish", close);
    };
    body.append(el("p", {}, r.publishLaw(version.effective_from)), form([], { submit, label: r.act.publish, cancel: () => close() }));
  });
}

function retire(version) {
  return openDialog(r.retireTitle, (body, close) => {
    const submit = async () => {
      await api.post(path(version, "retire"));
      await finish("retire", close);
    };
    body.append(el("p", {}, r.retireLaw[version.state] ?? r.retireLaw.other), form([], { submit, label: r.act.retire, danger: true, cancel: () => close() }));
  });
}

// The content never changes: another day is another version.
function redate(version) {
  return openDialog(r.redateTitle, (body, close) => {
    const date = el("input", { type: "date", required: true, min: rules.today });
    date.value = version.effective_from < rules.today ? rules.today : version.effective_from;
    const old = el("input", { type: "checkbox" });
    old.checked = true;
    const submit = async () => {
      const { version: made } = await api.post("/rulesets", { ...version.content, item: version.item, effective_from: date.value });
      if (old.checked) await api.post(path(version, "retire"));
      close(true);
      say(r.done.redate);
      await reloadRules();
      goTo(made.item, made.id);
    };
    body.append(el("p", {}, r.redateHint), form([field(r.effectiveFrom, date), check(r.redateRetire, old)], { submit, label: t.save, cancel: () => close() }));
  });
}

const pair = (name, value) => el("div", {}, el("dt", {}, name), el("dd", {}, value));
