// The keyboard of the desk. Nothing happens while somebody types, in a dialog, or when a key is held down.

import { focusActions } from "./desk_actions.js";
import { startAdding } from "./desk_add.js";
import { dialogIsOpen } from "./desk_dialog.js";
import { decide, focusFinding, open } from "./desk_findings.js";
import { moveFocus } from "./desk_queue.js";
import { desk, mayWrite, showTab, step } from "./desk_state.js";
import { fit, stepPage, turn, zoom } from "./desk_viewer.js";

const STEP = 1.25;
const search = document.getElementById("search");

export function startKeys({ keys }) {
  const goTo = (by) => () => {
    showTab("findings");
    step(by);
    focusFinding();
  };
  const inFindings = (act) => () => {
    if (desk.tab !== "findings") showTab("findings");
    act();
  };
  const tab = (name) => () => {
    showTab(name);
    document.getElementById(`tab-${name}`)?.focus();
  };
  const ofCase = {
    j: goTo(1), k: goTo(-1), 1: inFindings(() => decide("accept")), 2: inFindings(() => decide("dismiss")), 3: inFindings(() => decide("amend")),
    o: inFindings(() => open()), n: inFindings(() => mayWrite() && !desk.case.blind && startAdding()),
    "[": () => stepPage(-1), "]": () => stepPage(1), "+": () => zoom(STEP), "=": () => zoom(STEP), "-": () => zoom(1 / STEP), 0: fit, r: turn,
    f: tab("findings"), v: tab("fields"), m: tab("slots"), h: tab("history"), a: focusActions,
  };
  const always = { "/": () => search.select() ?? search.focus(), g: () => moveFocus(0), "?": keys };
  addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || dialogIsOpen() || document.getElementById("desk").hidden) return;
    if (event.target.closest?.("input:not([type='checkbox'], [type='radio']), textarea, select, [contenteditable]")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.key === "ArrowDown" && (event.target === document.body || event.target.id === "case") && !desk.case) {
      event.preventDefault();
      moveFocus(1);
      return;
    }
    const act = always[event.key] ?? (desk.case ? ofCase[event.key] : null);
    if (!act) return;
    event.preventDefault();
    act();
  });
}
