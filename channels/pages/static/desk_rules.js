// 审查规则: items on the left, the rules of one of them on the right. Items that have no rules come when asked for.

import { sentence } from "./desk_dialog.js";
import { drawSet } from "./desk_rules_set.js";
import { demotedOf, goTo, mayWrite, onReload, reloadRules, rules, versionsOf } from "./desk_rules_state.js";
import { r } from "./desk_rules_words.js";
import { t } from "./desk_words.js";
import { el } from "./dom.js";

const MOST_OTHERS = 60;

let place = null;
let keyed = false; // whether the item was chosen by a key
const list = el("ol", { id: "rule-items", class: "cases" });
const foot = el("p", { class: "fine queue-foot" });
const total = el("p", { class: "fine" });
const search = el("input", { type: "search", id: "rule-search", placeholder: r.find, "aria-label": r.findLabel, "aria-keyshortcuts": "/", autocomplete: "off" });
const shown = el("section", { class: "case rule-set", "aria-label": r.title, tabindex: "-1" });

// Shows the section, or another part of it: `rest` is what stands behind `#rules/`.
export async function openRules(where, who, [item = null, version = null]) {
  rules.me = who;
  if (place !== where) begin(where);
  const other = rules.item !== item || rules.version !== version;
  Object.assign(rules, { item, version });
  if (!rules.items.length) return reloadRules();
  drawList();
  list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  if (other) await drawSet(shown);
  toTitle();
}

function begin(where) {
  place = where;
  onReload(async (failure) => {
    if (failure) return shown.replaceChildren(el("p", { class: "problem", role: "alert" }, sentence(failure)));
    drawList();
    list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
    await drawSet(shown);
  });
  const head = el("div", { class: "queue-head" }, el("h2", { id: "rules-title", tabindex: "-1" }, r.title), total,
    el("button", { type: "button", class: "quiet", onclick: reloadRules }, r.refresh));
  const form = el("form", { class: "queue-find", role: "search" }, search);
  place.replaceChildren(el("section", { class: "queue", "aria-labelledby": "rules-title" }, head, form, list, foot), shown);
  search.addEventListener("input", () => {
    rules.found = search.value.trim();
    drawList();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    list.querySelector("button[data-item]")?.click();
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...list.querySelectorAll("button")];
    buttons[buttons.indexOf(document.activeElement) + step]?.focus();
  });
  addEventListener("keydown", keys);
}

function keys(event) {
  if (place.hidden || event.repeat || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const typing = event.target.closest?.("input:not([type='checkbox']), textarea, select");
  if (typing && event.key === "Escape") typing.blur();
  if (typing) {
    if (event.target === search && event.key === "ArrowDown") list.querySelector("button")?.focus();
    return;
  }
  if (event.key === "/") {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === "ArrowDown" && event.target === document.body) {
    event.preventDefault();
    (list.querySelector("[aria-current]") ?? list.querySelector("button"))?.focus();
  }
}

// the list --------------------------------------------------------------------------------------------------------

function drawList() {
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.item : null;
  const scrolled = list.scrollTop;
  const fits = rules.items.filter((one) => one.item_name.includes(rules.found));
  const withRules = fits.filter((one) => one.rules || one.problem || versionsOf(one.item).length);
  const without = fits.filter((one) => !withRules.includes(one));
  const more = rules.found || rules.others ? without.slice(0, MOST_OTHERS) : [];
  list.replaceChildren(...[...withRules, ...more].map(line));
  if (without.length > more.length && more.length) list.append(el("li", { class: "empty" }, r.more(without.length - more.length)));
  if (!fits.length) list.append(el("li", { class: "empty" }, r.none));
  if (without.length && !rules.found) list.append(el("li", {}, othersButton(without.length)));
  list.scrollTop = scrolled;
  if (focused) list.querySelector(`[data-item="${CSS.escape(focused)}"]`)?.focus();
  total.textContent = r.total(rules.items.filter((one) => one.rules && one.item !== "every").length);
  foot.textContent = mayWrite() ? t.asOf(new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" })) : r.readOnly;
}

const othersButton = (count) => el("button", {
  type: "button", class: "others", "aria-expanded": String(rules.others),
  onclick: () => {
    rules.others = !rules.others;
    drawList();
  },
}, rules.others ? r.hideOthers : r.others(count));

// Whoever chose by a key goes on among the rules, not at the top of the page.
function choose(item, byKey) {
  keyed = byKey;
  if (rules.item === item && !rules.version) toTitle();
  else goTo(item);
}

function toTitle() {
  if (keyed) shown.querySelector("h2")?.focus();
  keyed = false;
}

function line(one) {
  const versions = versionsOf(one.item);
  const tags = ["draft", "tested", "approved"].map((state) => [state, versions.filter((each) => each.state === state).length])
    .filter(([, count]) => count)
    .map(([state, count]) => el("span", { class: `tag ${{ draft: "", tested: "should", approved: "doubt" }[state]}` }, `${r.state[state]} ${count}`));
  const coming = versions.filter((each) => each.state === "published" && each.effective_from > rules.today).length;
  const hints = demotedOf(one).length;
  const current = rules.item === one.item;
  return el("li", {}, el("button", { type: "button", "data-item": one.item, "aria-current": current ? "true" : null, onclick: (event) => choose(one.item, event.detail === 0) },
    el("span", { class: "item", title: one.item_name }, one.item_name),
    one.problem ? el("span", { class: "tag must" }, r.unreadable) : el("span", { class: one.rules ? "tag good" : "tag" }, r.ruleCount(one.rules)),
    one.effective_from && el("span", { class: "number" }, r.from(one.effective_from)),
    one.effective_from && el("span", { class: "standing" }, one.origin_label),
    tags.length + coming + hints > 0 && el("span", { class: "marks" }, ...tags,
      coming ? el("span", { class: "tag" }, `${r.state.coming} ${coming}`) : null,
      hints ? el("span", { class: "tag must" }, r.hints(hints)) : null)));
}
