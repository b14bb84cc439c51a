// 小新 on the stage. Where her drawing cannot be loaded the emblem stands in for it, and everything else works.

import { el } from "./dom.js";

const NAMES = { neutral: "idle", thinking: "think" };

export class Face {
  constructor(host, clock) {
    this.host = host;
    this.clock = clock;
    this.loading = this.#load();
  }

  async #load() {
    try {
      const { Avatar } = await import("./avatar.js");
      this.avatar = new Avatar(this.host);
      this.avatar.clock = this.clock;
      this.avatar.express(this.wanted ?? "greet");
    } catch (error) {
      console.warn("the avatar cannot be shown", error);
      this.host.replaceChildren(el("img", { src: "/static/emblem.svg", alt: "", class: "k-emblem" }));
    }
  }

  express(name) {
    this.wanted = NAMES[name] ?? name;
    this.host.dataset.expression = this.wanted;
    this.avatar?.express(this.wanted);
  }

  // Shapes of one more sentence of what is being said.
  say(shapes) {
    this.avatar?.speak(shapes, 0);
  }

  hush() {
    this.avatar?.hush();
  }
}
