// What she does without being told: breathing, blinking, swaying, looking about.

import { mix } from "./avatar_shape.js";

const between = (low, high) => low + Math.random() * (high - low);

const CLOSING = 0.075;
const CLOSED = 0.03;
const OPENING = 0.13;
const DOUBLE_BLINKS = 0.16; // share of blinks that are followed by another at once

export class Liveliness {
  busyUntil = 0;
  #time = between(0, 20);
  #blinkIn = between(1.2, 3);
  #blinking = null;
  #lookIn = between(1, 3);
  #look = { x: 0, y: 0 };
  #gaze = { x: 0, y: 0 };
  #stress = 0;

  // The small motions after `seconds` more; with `calm` she only blinks.
  step(seconds, { calm, speaking, open }) {
    this.#time += seconds;
    const blink = this.#blink(seconds);
    this.#glance(seconds, calm, speaking);
    this.#stress = mix(this.#stress, speaking ? open / 23 : 0, 1 - Math.exp(-seconds / 0.16));
    const t = this.#time;
    if (calm) return { blink, gazeX: 0, gazeY: 0, turn: 0, nod: 0, sway: 0, tilt: 0, breath: 0, wave: 0, beat: 0 };
    return {
      blink,
      gazeX: this.#gaze.x,
      gazeY: this.#gaze.y,
      turn: 1.6 * Math.sin(t / 2.3) + 1.1 * Math.sin(t / 1.1 + 2) + 2 * this.#gaze.x,
      nod: 0.7 * Math.sin(t / 1.7 + 1) + 3.2 * this.#stress,
      sway: 1.8 * Math.sin(t / 2.9) + 0.8 * Math.sin(t / 1.3),
      tilt: 0.8 * Math.sin(t / 3.1 + 0.5) + 0.35 * Math.sin(t / 1.2) + (speaking ? 0.7 * Math.sin(t * 2.1) : 0),
      breath: Math.sin((t * 2 * Math.PI) / 4.4),
      wave: Math.sin(t * 7.4),
      beat: Math.sin(t * 1.9) * 0.6 + 1.5 * this.#stress,
    };
  }

  #blink(seconds) {
    this.#blinkIn -= seconds;
    if (this.#blinkIn <= 0) {
      this.#blinking = 0;
      this.#blinkIn = Math.random() < DOUBLE_BLINKS ? CLOSING + CLOSED + OPENING + 0.06 : between(2, 6);
    }
    if (this.#blinking === null) return 0;
    this.#blinking += seconds;
    const since = this.#blinking;
    if (since < CLOSING) return since / CLOSING;
    if (since < CLOSING + CLOSED) return 1;
    const opened = (since - CLOSING - CLOSED) / OPENING;
    if (opened < 1) return (1 - opened) ** 2;
    this.#blinking = null;
    return 0;
  }

  #glance(seconds, calm, speaking) {
    this.#lookIn -= seconds;
    if (this.#lookIn <= 0) {
      this.#lookIn = between(0.9, 3.2);
      const away = !calm && Math.random() < (speaking ? 0.2 : 0.3);
      const far = away ? 0.34 : 0.09;
      this.#look = { x: between(-far, far), y: between(-far, far) * 0.5 };
      if (away) this.#lookIn = between(0.5, 1.1);
    }
    const share = 1 - Math.exp(-seconds / 0.025);
    this.#gaze = { x: mix(this.#gaze.x, this.#look.x, share), y: mix(this.#gaze.y, this.#look.y, share) };
  }
}
