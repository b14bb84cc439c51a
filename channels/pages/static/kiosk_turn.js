// The question in hand and its answer, alone on the screen.

import { emptyCard, failureCard, fillCard, nowWorking, retire, writeSoFar } from "./card.js";
import { el } from "./dom.js";
import { masked } from "./kiosk_mask.js";

const LINKS = { links: false }; // a hall's screen must not be led away from this page
const SLOW_MS = 6000;

export class TurnView {
  // `does` = {ask(question), openChecklist(item, choices), show()}; `t()` gives the words
  constructor(host, t, hall, does) {
    this.host = host;
    this.t = t;
    this.hall = hall;
    this.does = does;
  }

  open(question, { raw = null } = {}) {
    const t = this.t();
    if (this.card) retire(this.card, question);
    this.soFar = "";
    this.card = emptyCard(t);
    this.host.replaceChildren(...echo(question, raw, t, this.does), this.card);
    this.#patience(this.card);
    this.does.show();
  }

  sentence(text) {
    this.soFar += text;
    writeSoFar(this.card, this.soFar, LINKS);
  }

  fill(answer, retry) {
    const t = this.t();
    if (!this.card) this.open("");
    const does = { ask: this.does.ask, openChecklist: this.does.openChecklist, retry };
    fillCard(this.card, answer, t, does, LINKS);
    this.card.append(...takeAlong(answer.next_step, t));
    this.#settle();
  }

  fail(failure, retry) {
    const t = this.t();
    const sentence = failure.sentence ?? t.failed[failure.kind] ?? t.failed.server;
    failureCard(this.card, { ...failure, sentence, requestId: failure.requestId }, t, this.hall.hotline, retry);
    this.#settle();
  }

  clear() {
    clearTimeout(this.slow);
    this.card = null;
    this.host.replaceChildren();
  }

  #patience(card) {
    clearTimeout(this.slow);
    this.slow = setTimeout(() => card.querySelector(".working") && nowWorking(card, this.t().stillWorking), SLOW_MS);
  }

  // Whoever pressed a button that is gone is led to the answer.
  #settle() {
    clearTimeout(this.slow);
    const lost = document.activeElement === document.body || document.activeElement?.disabled;
    if (lost) this.card.focus({ preventScroll: true });
  }
}

function echo(question, raw, t, does) {
  if (!question) return [];
  const shown = masked(question, t.hidden);
  const corrected = raw && raw !== question;
  const words = corrected ? t.didYouMean(shown.replace(/[？?。.！!]+$/, "")) : shown;
  const line = el("p", { class: "k-asked" }, el("span", { class: "k-asked-by" }, corrected ? "" : t.youAsked), el("strong", {}, words));
  if (!corrected) return [line];
  const back = el("button", { type: "button", class: "chip k-as-heard", onclick: () => does.ask(raw) }, t.asHeard);
  return [line, el("p", { class: "k-raw" }, el("span", {}, t.wasHeard(masked(raw, t.hidden))), back)];
}

function takeAlong(step, t) {
  if (step?.kind !== "checklist" || !step.data?.item) return [];
  const query = new URLSearchParams(step.data.choices ?? {}).toString();
  const src = `/v1/items/${encodeURIComponent(step.data.item)}/checklist.svg${query ? `?${query}` : ""}`;
  return [el("figure", { class: "k-take" }, el("img", { src, alt: "", width: 160, height: 160 }), el("figcaption", {}, t.take))];
}
