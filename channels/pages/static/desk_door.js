// Sign-in, the one-time link, the lock after idleness, and one's own account.

import * as api from "./desk_api.js";
import { field, form, openDialog, say, sentence } from "./desk_dialog.js";
import { t } from "./desk_words.js";
import { el } from "./dom.js";

const door = document.getElementById("door");
const LEAST = 10;

const input = (attributes) => el("input", { required: true, autocapitalize: "off", spellcheck: "false", ...attributes });
const fresh = () => input({ type: "password", autocomplete: "new-password", minlength: LEAST });

function card(title, ...parts) {
  const hall = document.querySelector(".hall").textContent;
  const heading = el("header", {},
    el("img", { class: "emblem", src: "/static/emblem.svg", alt: "", width: 44, height: 44 }),
    el("div", {}, el("h1", {}, title), el("p", { class: "fine" }, hall)));
  return el("div", { class: "door-card" }, heading, ...parts);
}

function show(node) {
  door.replaceChildren(node);
  door.hidden = false;
  node.querySelector("input")?.focus();
}

// Resolves with who is signed in.
export function signInHere(note = null) {
  return new Promise((resolve) => {
    const login = input({ type: "text", autocomplete: "username", maxlength: 64 });
    const password = input({ type: "password", autocomplete: "current-password" });
    const submit = async (tell) => {
      try {
        const who = await api.signIn(login.value, password.value);
        door.hidden = true;
        door.replaceChildren();
        resolve(who);
      } catch (failure) {
        password.value = "";
        tell(sentence(failure), password);
      }
    };
    const hint = el("p", { class: "fine" }, t.signInHint);
    const told = note && el("p", { role: "status" }, note);
    show(card(t.name, told, form([field(t.login, login), field(t.password, password), hint], { submit, label: t.signIn })));
  });
}

// The token stands behind `#`, so that no server on the way logs it; it leaves the address bar at once.
export function setUpHere() {
  const token = location.hash.slice(1);
  history.replaceState(null, "", "/desk/setup");
  if (!/^(first|reset)\./.test(token)) {
    show(card(t.setUpReset, el("p", { class: "problem", role: "alert" }, t.setUpNone)));
    return new Promise(() => {});
  }
  return token.startsWith("first.") ? firstAccount(token) : ownPassword(token);
}

function firstAccount(token) {
  const login = input({ type: "text", autocomplete: "username", maxlength: 32 });
  const name = input({ type: "text", autocomplete: "name", maxlength: 128 });
  const organisation = input({ type: "text", autocomplete: "organization", maxlength: 256 });
  organisation.value = document.querySelector(".hall").textContent;
  const asked = [field(t.login, login, t.loginHint), field(t.fullName, name), field(t.organisation, organisation)];
  return settingUp(t.setUpFirst, t.setUpFirstHint, asked, (password) => ({
    token, password, login: login.value, name: name.value, organisation: organisation.value,
  }));
}

const ownPassword = (token) => settingUp(t.setUpReset, t.setUpResetHint, [], (password) => ({ token, password }));

function settingUp(title, hint, asked, body) {
  return new Promise((resolve) => {
    const [one, two] = [fresh(), fresh()];
    const submit = async (tell) => {
      if (one.value !== two.value) return tell(t.differs, two);
      const done = await api.setUp(body(one.value));
      history.replaceState(null, "", "/desk");
      resolve(t.setUpDone(done.login));
    };
    const parts = [...asked, field(t.newPassword, one, t.passwordHint), field(t.again, two)];
    show(card(title, el("p", {}, hint), form(parts, { submit, label: title })));
  });
}

// Covers the page, without taking away what was typed. Another person begins with an empty page.
export function lock(who, expired) {
  return new Promise((resolve) => {
    const password = input({ type: "password", autocomplete: "current-password" });
    const cover = el("dialog", { class: "lock", "aria-label": t.locked });
    const submit = async (tell) => {
      try {
        const back = await api.signIn(who.login, password.value);
        cover.remove();
        resolve(back);
      } catch (failure) {
        password.value = "";
        tell(sentence(failure), password);
      }
    };
    const other = el("button", { type: "button", class: "quiet", onclick: () => location.replace("/desk") }, t.otherPerson);
    const hint = (expired ? t.expiredHint : t.lockedHint)(who.name);
    cover.append(card(t.locked, form([el("p", {}, hint), field(t.password, password)], { submit, label: t.signIn }), other));
    // Chrome lets a second Esc close a dialog whatever its cancel event was answered.
    cover.addEventListener("close", () => cover.isConnected && cover.showModal());
    cover.addEventListener("cancel", (event) => event.preventDefault());
    document.body.append(cover);
    cover.showModal();
    password.focus();
  });
}

export function ownAccount(who, signedOut) {
  return openDialog(t.me, (body, close) => {
    const [old, one, two] = [input({ type: "password", autocomplete: "current-password" }), fresh(), fresh()];
    const submit = async (tell) => {
      if (one.value !== two.value) return tell(t.differs, two);
      await api.changePassword(old.value, one.value);
      say(t.passwordChanged);
      close();
    };
    const leave = (everywhere) => async () => {
      await api.signOut(everywhere).catch(() => null);
      close();
      signedOut();
    };
    const roles = who.roles.map((role) => t.roles[role]).join("、");
    body.append(
      el("p", {}, `${who.name}（${who.login}）· ${roles} · ${who.organisation}`),
      el("div", { class: "form" }, el("div", { class: "buttons" },
        el("button", { type: "button", onclick: leave(true) }, t.signOutEverywhere),
        el("button", { type: "button", class: "primary", autofocus: true, onclick: leave(false) }, t.signOut))),
      el("details", {}, el("summary", {}, t.changePassword),
        form([field(t.oldPassword, old), field(t.newPassword, one, t.passwordHint), field(t.again, two)], { submit, label: t.changePassword })),
    );
  });
}
