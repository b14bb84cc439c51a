// The private link to keep; leaving a device that others use; taking an application back.

import { forget, linkOf, remember, remembered, wipe } from "./case_keep.js";
import { el } from "./dom.js";
import { Idle } from "./kiosk_idle.js";

const $ = (id) => document.getElementById(id);
const AFTER_S = 90;
const COUNTDOWN_S = 20;

function head(app, id, title, sheet) {
  return el("div", { class: "sheet-head" }, el("h2", { id }, title), el("button", { type: "button", class: "close", onclick: () => sheet.close() }, app.t.close));
}

function link(app) {
  return app.server.link ?? linkOf(app.server);
}

// The code is drawn by the server, which knows the address that phones reach; it is in no address of its own.
export function drawCode(app) {
  const { server, t } = app;
  const place = el("figure", { class: "c-code" });
  const show = (svg) => place.replaceChildren(el("img", { src: `data:image/svg+xml,${encodeURIComponent(svg)}`, alt: t.scan, width: 220, height: 220 }), el("figcaption", {}, t.scan));
  if (server.code) show(server.code);
  else {
    server.linkCode().then(
      (svg) => show((server.code = svg)),
      (failure) => place.replaceChildren(el("p", { class: "c-alert", role: "alert" }, app.sentence(failure))),
    );
  }
  return place;
}

export function openLink(app) {
  const { t } = app;
  const sheet = $("link");
  sheet.replaceChildren(head(app, "link-title", t.linkTitle, sheet), el("p", {}, t.linkLead), drawCode(app), app.shared ? "" : el("div", {}, ...ownDevice(app)));
  sheet.showModal();
}

function ownDevice(app) {
  const { t } = app;
  const text = el("input", { type: "text", readonly: true, value: link(app), "aria-label": t.linkTitle, class: "c-link" });
  text.addEventListener("focus", () => text.select());
  const said = el("p", { class: "c-hint", role: "status" });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link(app));
      said.textContent = t.copied;
    } catch {
      text.select();
      said.textContent = t.notCopied;
    }
  };
  const kept = () => remembered().some((one) => one.id === app.server.id);
  const keep = el("button", { type: "button", class: "big", "aria-pressed": String(kept()) }, kept() ? t.forget : t.keepHere);
  keep.addEventListener("click", () => {
    const { id, key } = app.server;
    if (kept()) forget(id);
    else remember({ id, key, link: link(app), name: app.view.item.name });
    keep.textContent = kept() ? t.forget : t.keepHere;
    keep.setAttribute("aria-pressed", String(kept()));
    said.textContent = kept() ? t.keptHere : t.forgotHere;
  });
  const share = () => navigator.share({ title: t.shareTitle(app.view.item.name), url: link(app) }).catch(() => {});
  return [
    text,
    el("button", { type: "button", class: "big primary", onclick: copy }, t.copy),
    navigator.share ? el("button", { type: "button", class: "big", onclick: share }, t.share) : "",
    keep,
    el("p", { class: "c-hint" }, t.keepHereNote),
    said,
  ];
}

// ---- leaving

export function askToLeave(app) {
  const { t } = app;
  if (!app.server) return leave(app);
  const sheet = $("ask-first");
  const yes = el("button", { type: "button", class: "big primary" }, t.leaveYes);
  yes.addEventListener("click", () => leave(app));
  sheet.replaceChildren(
    head(app, "ask-first-title", t.leaveTitle, sheet),
    el("p", {}, t.leaveLead),
    app.uploads.open.length ? el("p", { class: "c-alert" }, t.leaveUnsent) : "",
    el("p", {}, t.leaveScan),
    drawCode(app),
    yes,
    el("button", { type: "button", class: "big", onclick: () => sheet.close() }, t.leaveNo),
  );
  sheet.showModal();
}

async function leave(app) {
  const { server } = app;
  wipe();
  for (const sheet of document.querySelectorAll("dialog[open]")) sheet.close();
  for (const id of ["link", "ask-first", "whole-page"]) $(id).replaceChildren();
  app.begin();
  app.toast(app.t.left);
  if (server) await server.leave().catch(() => null);
  if (app.home) location.replace(app.home);
}

// Whoever walks away from a shared screen leaves nothing behind.
export function leaveByItself(app) {
  const sheet = $("still");
  const idle = new Idle(
    { after: AFTER_S, countdown: COUNTDOWN_S },
    {
      busy: () => !app.server || Boolean(app.uploads.open.length),
      warn(seconds) {
        $("still-text").textContent = app.t.wipeIn(seconds);
        if (!sheet.open) sheet.showModal();
      },
      calm: () => sheet.open && sheet.close(),
      end: () => {
        leave(app);
        idle.touched();
      },
    },
  );
  for (const name of ["pointerdown", "keydown", "scroll"]) addEventListener(name, () => idle.touched(), { passive: true, capture: true });
  $("stay").addEventListener("click", () => idle.touched());
  idle.touched();
}

// ---- taking back

export function askToWithdraw(app) {
  const { t } = app;
  const sheet = $("ask-first");
  const place = el("div", {});
  const yes = el("button", { type: "button", class: "big c-danger" }, t.withdrawYes);
  const work = async () => {
    const view = await app.server.withdraw();
    sheet.close();
    app.take(view);
    app.toast(t.withdrawn);
  };
  yes.addEventListener("click", () => app.run(yes, t.withdrawYes, work, place));
  sheet.replaceChildren(
    head(app, "ask-first-title", t.withdrawTitle, sheet),
    el("p", {}, t.withdrawLead),
    place,
    yes,
    el("button", { type: "button", class: "big", onclick: () => sheet.close() }, t.withdrawNo),
  );
  sheet.showModal();
}
