// Who applies, and what else the item needs to know. Checked while it is typed; what was typed survives a reload.

import { stepHead } from "./case_begin.js";
import { checkIdNumber, checkName, checkPhone, tidyNumber } from "./case_checks.js";
import { keepTyped, typed } from "./case_keep.js";
import { el } from "./dom.js";

const NEEDED = ["name", "number", "phone"];

export function wantsForm(view) {
  return NEEDED.some((name) => !view.applicant[name]) && view.can.includes("edit");
}

export function showForm(app) {
  const { t, view } = app;
  if (app.main.dataset.screen === "form") return;
  app.editing = true;
  const fields = [...ownFields(app), ...view.declared_fields.map((one) => declaredField(app, one))];
  const place = el("div", {});
  const send = el("button", { class: "big primary", "data-key": "save" }, t.saveForm);
  const form = el(
    "form",
    { class: "c-form", novalidate: true, autocomplete: "on" },
    el("div", { class: "c-card" }, fields.filter((one) => !one.later && !one.declared).map((one) => one.node), otherPaper(fields, t)),
    view.declared_fields.length ? el("div", { class: "c-card" }, el("h3", {}, t.moreOfItem), fields.filter((one) => one.declared).map((one) => one.node)) : "",
    el("details", { class: "c-card", "data-key": "more" }, el("summary", {}, t.more), fields.filter((one) => one.later).map((one) => one.node)),
    place,
    send,
  );
  form.addEventListener("input", () => keepTyped("form", Object.fromEntries(fields.map((one) => [one.name, one.read()]))));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wrong = fields.filter((one) => one.check(true));
    if (wrong.length) wrong[0].input.focus();
    else app.run(send, t.savingForm, () => save(app, fields), place);
  });
  const back = wantsForm(view) ? "" : el("button", { type: "button", class: "back", onclick: () => leave(app) }, t.back);
  app.screen("form", stepHead(app, 2, t.formTitle, view.item.name), el("p", { class: "c-lead" }, t.formLead), form, back);
}

function leave(app) {
  app.editing = false;
  keepTyped("form", null);
  app.draw();
}

async function save(app, fields) {
  const filled = fields.filter((one) => one.read() !== "" && one.read() !== null);
  const applicant = Object.fromEntries(filled.filter((one) => !one.declared).map((one) => [one.name, one.send()]));
  const declared = Object.fromEntries(filled.filter((one) => one.declared).map((one) => [one.declared, one.send()]));
  const form = { ...(Object.keys(applicant).length ? { applicant } : {}), ...(Object.keys(declared).length ? { declared: { ...app.view.declared, ...declared } } : {}) };
  const view = Object.keys(form).length ? await app.server.fillIn(form) : await app.server.see();
  keepTyped("form", null);
  app.editing = false;
  app.take(view);
}

// ---- fields: {name, node, input, read(), send(), check(asked)}; check marks the field and returns its fault or null

function ownFields(app) {
  const { t, view } = app;
  const before = view.applicant;
  const other = () => document.getElementById("other-paper")?.checked;
  const number = (text) => (other() ? (text.trim() ? null : t.bad.number) : checkIdNumber(text, t));
  return [
    field(app, { name: "name", label: t.name, before: before.name, autocomplete: "name", check: (text) => checkName(text, t) }),
    field(app, { name: "number", label: t.number, before: before.number, check: number, tidy: tidyNumber, maxlength: 24, fine: t.fine, atOnce: (text) => !other() && tidyNumber(text).length >= 18 }),
    field(app, { name: "phone", label: t.phone, hint: t.phoneWhy, before: before.phone, type: "tel", autocomplete: "tel", check: (text) => checkPhone(text, t), tidy: tidyNumber, atOnce: (text) => tidyNumber(text).length >= 11 }),
    field(app, { name: "address", label: t.address, before: before.address, autocomplete: "street-address", later: true }),
    field(app, { name: "company", label: t.company, before: before.company, autocomplete: "organization", later: true }),
  ];
}

function field(app, { name, label, hint, before, type = "text", autocomplete = "off", maxlength = 200, check = () => null, tidy = (text) => text.trim(), fine = "", atOnce = () => false, later = false }) {
  const { t } = app;
  const wrong = el("p", { id: `${name}-wrong`, class: "c-wrong", role: "alert" });
  const input = el("input", { id: `f-${name}`, name, type, autocomplete, maxlength, "aria-describedby": `${name}-hint ${name}-wrong`, "aria-required": NEEDED.includes(name) ? "true" : null, autocapitalize: "off", spellcheck: "false" });
  input.value = typed("form")[name] ?? "";
  const hints = [hint, before ? t.kept(before) : null].filter(Boolean).join(" ");
  const node = el("div", { class: "c-field" }, el("label", { for: `f-${name}` }, label), hints ? el("p", { id: `${name}-hint`, class: "c-hint" }, hints) : "", input, wrong);
  const mark = () => {
    const fault = before && !input.value ? null : check(input.value);
    input.setAttribute("aria-invalid", String(Boolean(fault)));
    wrong.textContent = fault ?? "";
    node.dataset.fine = fault || !input.value || !fine ? "" : fine;
    return fault;
  };
  let left = false;
  input.addEventListener("input", () => (left || atOnce(input.value)) && mark());
  input.addEventListener("blur", () => {
    if (input.value) left = true;
    if (left) mark();
  });
  return { name, node, input, later, read: () => input.value, send: () => tidy(input.value), check: mark };
}

// Passports and the like have numbers of their own.
function otherPaper(fields, t) {
  const number = fields.find((one) => one.name === "number");
  const box = el("input", { type: "checkbox", id: "other-paper" });
  box.addEventListener("change", () => {
    number.node.querySelector("label").textContent = box.checked ? t.otherNumber : t.number;
    if (number.input.value) number.check();
  });
  number.node.append(el("label", { class: "c-check" }, box, el("span", {}, t.otherPaper)));
  return "";
}

function declaredField(app, { name, label, type }) {
  const before = typed("form")[`declared.${name}`] ?? app.view.declared[name];
  if (type === "boolean") return yesOrNo(app.t, name, label, before);
  const kinds = { date: "date", number: "number", amount: "number" };
  const input = el("input", { id: `d-${name}`, name: `declared.${name}`, type: kinds[type] ?? "text", inputmode: kinds[type] === "number" ? "decimal" : null, step: kinds[type] === "number" ? "any" : null, maxlength: 500 });
  input.value = before ?? "";
  const node = el("div", { class: "c-field" }, el("label", { for: `d-${name}` }, label), input);
  const send = () => (kinds[type] === "number" ? Number(input.value) : input.value.trim());
  return { name: `declared.${name}`, declared: name, node, input, read: () => input.value, send, check: () => null };
}

function yesOrNo(t, name, label, before) {
  const radio = (value, text) => el("label", {}, el("input", { type: "radio", name: `declared.${name}`, value, checked: String(before) === value }), el("span", {}, text));
  const node = el("fieldset", { class: "c-field choice-row" }, el("legend", {}, label), radio("true", t.yes), radio("false", t.no));
  const read = () => node.querySelector("input:checked")?.value ?? "";
  return { name: `declared.${name}`, declared: name, node, input: node.querySelector("input"), read, send: () => read() === "true", check: () => null };
}
