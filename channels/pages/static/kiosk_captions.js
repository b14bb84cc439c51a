// The line under 小新: what the visitor says, then what she says, in time with her voice.

export class Captions {
  // `clock()` gives the milliseconds of the epoch that were heard, or -1.
  constructor({ line, announcer, clock }) {
    this.line = line;
    this.announcer = announcer;
    this.clock = clock;
    this.said = line.querySelector(".spoken");
    this.next = line.querySelector(".unspoken");
    this.clear();
  }

  clear() {
    this.sentences = [];
    this.shown = null;
    this.#write("", "");
    this.line.dataset.of = "";
  }

  // One sentence at rest: a greeting, a hint, what the visitor says.
  show(text, of = "page") {
    this.sentences = [];
    this.shown = null;
    this.line.dataset.of = of;
    this.#write(text, "");
    if (of !== "visitor") this.announce(text);
  }

  announce(text) {
    this.announcer.textContent = text;
  }

  add({ sentence, start_ms, end_ms, chars = [] }) {
    this.sentences.push({ letters: [...sentence], start: start_ms, end: end_ms, chars });
  }

  // For every frame while she speaks.
  draw() {
    const now = this.clock();
    if (now < 0 || !this.sentences.length) return;
    const current = this.sentences.findLast(({ start }) => start <= now) ?? this.sentences[0];
    const count = heard(current, now);
    if (current === this.shown && count === this.count) return;
    if (current !== this.shown) this.announce(current.letters.join(""));
    this.shown = current;
    this.count = count;
    this.line.dataset.of = "avatar";
    this.#write(current.letters.slice(0, count).join(""), current.letters.slice(count).join(""));
  }

  // All of it, once she has finished.
  rest() {
    const last = this.sentences.at(-1);
    if (last) this.#write(last.letters.join(""), "");
    this.sentences = [];
    this.shown = null;
  }

  #write(said, next) {
    if (this.said.textContent !== said) this.said.textContent = said;
    if (this.next.textContent !== next) this.next.textContent = next;
    // a long sentence moves up as it is said
    this.line.scrollTop = next ? this.next.offsetTop - this.line.clientHeight * 0.6 : 0;
  }
}

// How many letters of the sentence have begun to sound.
function heard({ letters, start, end, chars }, now) {
  if (now >= end) return letters.length;
  if (chars.length !== letters.length) return Math.round((letters.length * Math.max(0, now - start)) / Math.max(1, end - start));
  let count = 0;
  while (count < chars.length && chars[count][0] <= now) count += 1;
  return count;
}
