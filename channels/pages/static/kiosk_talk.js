// The button to talk, and what the microphone sends: always, or in a crowd only while the button is held.

import { Microphone, NoMicrophone } from "./microphone.js";

const TAP_MS = 400;

export class Talk {
  // `does` = {interrupt(), changed(), trouble(reason), pressed(), phase()}; phase: idle, thinking, speaking
  constructor({ button, voice, crowd, does }) {
    this.button = button;
    this.voice = voice;
    this.crowd = crowd;
    this.does = does;
    this.held = null;
    this.trouble = null;
    this.opening = false;
    this.wanted = false; // by the visitor, also while there is no voice at the other end
    this.microphone = new Microphone({
      frame: (pcm) => this.#sends() && this.voice.sound(pcm),
      level: (level) => button.style.setProperty("--level", Math.min(1, level * 6).toFixed(2)),
      lost: () => this.#failed("lost"),
    });
    this.#listenToButton();
  }

  get open() {
    return this.microphone.open;
  }

  get usable() {
    return this.voice.open && !this.trouble;
  }

  // Without a voice at the other end there is no reason to listen.
  async listen() {
    this.wanted = true;
    if (!this.voice.open || this.open) return;
    this.opening = true;
    this.does.changed();
    try {
      await this.microphone.start();
      this.trouble = null;
    } catch (error) {
      if (!(error instanceof NoMicrophone)) throw error;
      this.#failed(error.reason);
    } finally {
      this.opening = false;
      this.does.changed();
    }
  }

  stop() {
    this.wanted = false;
    this.rest();
  }

  // Until the voice is back.
  rest() {
    this.held = null;
    this.microphone.stop();
    this.does.changed();
  }

  // What the button stands for now; a key of the words and of the styles.
  mode() {
    const phase = this.does.phase();
    if (phase !== "idle" && !this.held) return phase;
    if (!this.usable) return "none";
    if (this.opening) return "opening";
    if (this.crowd()) return this.held ?? "hold";
    return this.open ? "ready" : "off";
  }

  #sends() {
    return !this.crowd() || Boolean(this.held);
  }

  #failed(reason) {
    this.trouble = reason;
    this.held = null;
    this.does.trouble(reason);
    this.does.changed();
  }

  #listenToButton() {
    let down = 0;
    let ended = false;
    this.button.addEventListener("pointerdown", (event) => {
      if (!this.crowd() || event.button) return;
      this.button.setPointerCapture(event.pointerId);
      down = event.timeStamp;
      ended = this.held === "tapped";
      if (ended) this.#release();
      else this.#hold("held");
    });
    const up = (event) => {
      if (!this.crowd() || ended || this.held !== "held") return;
      if (event.timeStamp - down < TAP_MS) this.#hold("tapped");
      else this.#release();
    };
    this.button.addEventListener("pointerup", up);
    this.button.addEventListener("pointercancel", up);
    this.button.addEventListener("contextmenu", (event) => event.preventDefault());
    this.button.addEventListener("click", (event) => {
      if (!this.crowd()) this.#toggle();
      else if (event.detail === 0) (this.held ? this.#release() : this.#hold("tapped"));
    });
  }

  #toggle() {
    this.does.pressed();
    if (this.does.phase() !== "idle") this.does.interrupt();
    else if (this.open) this.stop();
    else this.listen();
  }

  #hold(how) {
    this.does.pressed();
    if (this.held === null && this.does.phase() !== "idle") this.does.interrupt();
    if (!this.usable) {
      this.listen();
      return;
    }
    this.held = how;
    if (!this.open) this.listen();
    this.does.changed();
  }

  #release() {
    this.held = null;
    this.voice.end();
    this.does.changed();
  }
}
