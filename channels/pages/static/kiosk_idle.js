// Whoever walks away leaves nothing: after a while a warning with a countdown, then the end.

export class Idle {
  // `does` = {busy(), warn(seconds), calm(), end()}; times in seconds
  constructor({ after, countdown }, does) {
    this.after = after;
    this.countdown = countdown;
    this.does = does;
    this.left = null;
    this.timer = null;
  }

  get warning() {
    return this.left !== null;
  }

  // Somebody is there.
  touched() {
    if (this.warning) this.does.calm();
    this.left = null;
    this.#wait(this.after, () => this.#quiet());
  }

  // The server heard nobody either.
  warn() {
    if (this.warning) return;
    this.left = this.countdown;
    this.does.warn(Math.ceil(this.left));
    this.#count();
  }

  stop() {
    clearTimeout(this.timer);
    this.left = null;
  }

  #quiet() {
    if (this.does.busy()) this.touched();
    else this.warn();
  }

  #count() {
    this.#wait(Math.min(1, this.left), () => {
      this.left -= 1;
      if (this.left <= 0) {
        this.stop();
        this.does.calm();
        this.does.end();
        return;
      }
      this.does.warn(Math.ceil(this.left));
      this.#count();
    });
  }

  #wait(seconds, then) {
    clearTimeout(this.timer);
    this.timer = setTimeout(then, seconds * 1000);
  }
}
