// Accounts of the hall, for who manages them.

import * as api from "./desk_api.js";
import { check, field, form, openDialog, say, sentence, sure } from "./desk_dialog.js";
import { t } from "./desk_words.js";
import { el } from "./dom.js";

export async function showStaff(place) {
  const draw = async () => {
    let staff;
    try {
      staff = await api.get("/staff");
    } catch (failure) {
      place.replaceChildren(el("p", { class: "problem", role: "alert" }, sentence(failure)));
      return;
    }
    const head = el("div", { class: "wide-head" },
      el("h2", {}, t.staffTitle), el("p", { class: "fine" }, t.staffHint),
      el("button", { type: "button", class: "primary", onclick: () => edit(null, draw) }, t.addStaff));
    const columns = [t.fullName, t.login, t.role, t.organisation, t.standing, ""];
    const table = el("table", {},
      el("thead", {}, el("tr", {}, ...columns.map((name) => el("th", { scope: "col" }, name)))),
      el("tbody", {}, ...staff.map((one) => line(one, draw))));
    place.replaceChildren(head, table);
  };
  await draw();
}

function line(one, draw) {
  const standing = one.disabled ? el("span", { class: "tag must" }, t.disabled)
    : one.has_password ? el("span", { class: "tag good" }, t.active) : el("span", { class: "tag should" }, t.waiting);
  const button = (label, act) => el("button", { type: "button", "aria-label": `${label}：${one.name}`, onclick: act }, label);
  return el("tr", { class: one.disabled ? "off" : null },
    el("th", { scope: "row" }, one.name), el("td", {}, one.login),
    el("td", {}, one.roles.map((role) => t.roles[role]).join("、")), el("td", {}, one.organisation), el("td", {}, standing),
    el("td", {}, el("div", { class: "buttons" },
      button(t.change, () => edit(one, draw)), button(t.reset, () => reset(one, draw)),
      button(one.disabled ? t.enable : t.disable, () => disable(one, draw)))));
}

function edit(one, draw) {
  return openDialog(one ? t.changeOf(one.name) : t.addStaff, (body, close) => {
    const login = el("input", { type: "text", required: true, autocomplete: "off", maxlength: 32, disabled: Boolean(one) });
    const name = el("input", { type: "text", required: true, autocomplete: "off", maxlength: 128 });
    const organisation = el("input", { type: "text", required: true, autocomplete: "off", maxlength: 256 });
    login.value = one?.login ?? "";
    name.value = one?.name ?? "";
    organisation.value = one?.organisation ?? document.querySelector(".hall").textContent;
    const boxes = Object.entries(t.roles).map(([role, label]) => {
      const box = el("input", { type: "checkbox", value: role });
      box.checked = one?.roles.includes(role) ?? role === "clerk";
      return check(label, box);
    });
    const submit = async () => {
      const roles = boxes.map((label) => label.firstChild).filter((box) => box.checked).map((box) => box.value);
      const given = { name: name.value, organisation: organisation.value, roles };
      if (one) await api.patch(`/staff/${one.id}`, given);
      const added = one ? null : await api.post("/staff", { login: login.value, ...given });
      close();
      await draw();
      if (added) await showLink(added);
      else say(t.done);
    };
    const roles = el("fieldset", {}, el("legend", {}, t.role), el("div", { class: "checks" }, ...boxes), el("p", { class: "fine" }, t.staffHint));
    const parts = [field(t.login, login, t.loginHint), field(t.fullName, name), field(t.organisation, organisation), roles];
    body.append(form(parts, { submit, label: t.save, cancel: () => close() }));
  });
}

async function reset(one, draw) {
  if (!(await sure(t.reset, t.resetSure(one.name), t.reset))) return;
  await tried(async () => {
    const made = await api.post(`/staff/${one.id}/reset`);
    await draw();
    await showLink(made);
  });
}

async function disable(one, draw) {
  if (!one.disabled && !(await sure(t.disable, t.disableSure(one.name), t.disable))) return;
  await tried(async () => {
    await api.patch(`/staff/${one.id}`, { disabled: !one.disabled });
    await draw();
  });
}

async function tried(act) {
  try {
    await act();
  } catch (failure) {
    say(sentence(failure));
  }
}

// Leads to where this page came from: a hall that has not told the server its address is still reached by it.
function showLink({ staff, link: made }) {
  const link = `${location.origin}/desk/setup${new URL(made).hash}`;
  return openDialog(t.linkTitle(staff.name), (body) => {
    const copy = async () => {
      await navigator.clipboard.writeText(link);
      say(t.copied);
    };
    body.append(
      el("p", {}, t.linkHint), el("p", { class: "link-box", tabindex: "0" }, link),
      // A page that is not served over HTTPS has no clipboard; the link can be selected by one click.
      navigator.clipboard ? el("div", {}, el("button", { type: "button", onclick: copy }, t.copy)) : "",
    );
  });
}
