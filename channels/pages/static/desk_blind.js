// The blind sample: the officer's own list comes first; then the two are laid beside each other.

import { addControls, given } from "./desk_add.js";
import { form, say, select, sentence } from "./desk_dialog.js";
import { changed, desk, draftOf, keepDraft, mayWrite, save } from "./desk_state.js";
import { t } from "./desk_words.js";
import { el } from "./dom.js";

const listed = () => draftOf("blind")?.places ?? [];

export function blindList() {
  const head = [el("h3", {}, t.blindTitle), el("p", {}, t.blindHint)];
  if (!mayWrite()) return el("div", { class: "blind" }, ...head);
  const places = listed();
  const put = (next) => {
    keepDraft("blind", { places: next });
    changed("draft");
  };
  const another = () => {
    put([...places, `blind/${Date.now()}`]);
    [...document.querySelectorAll(".blind fieldset")].at(-1)?.querySelector("input").focus();
  };
  const drop = (place) => () => {
    keepDraft(place, null);
    put(places.filter((one) => one !== place));
  };
  const entries = places.map((place, at) => el("fieldset", { class: "entry form" },
    el("legend", {}, `${t.blindOwn} ${at + 1}`), ...addControls(place),
    el("div", {}, el("button", { type: "button", class: "quiet", onclick: drop(place) }, t.dropOne))));
  const submit = async () => {
    const findings = places.map(given);
    if (!(await save("/blind", { findings }))) return;
    for (const place of [...places, "blind"]) keepDraft(place, null);
    changed("draft");
  };
  const more = el("div", {}, el("button", { type: "button", onclick: another }, t.blindAdd));
  return el("div", { class: "blind" }, ...head, form([...entries, more], { submit, label: t.blindSubmit(places.length) }));
}

// Of a blind finding: which one of the machine's it is, so that it is not told twice.
export function matching(added) {
  if (!added.blind || !mayWrite()) return null;
  const machine = desk.case.findings.map((one) => [one.key, one.title]);
  const choice = select([["", t.matchNone], ...machine]);
  choice.value = added.matched ?? "";
  choice.addEventListener("change", () =>
    save("/match", { added: added.id, finding: choice.value || null, rule: added.rule ?? "added" }).catch((failure) => say(sentence(failure))));
  return el("label", { class: "form" }, el("span", {}, t.match), choice);
}
