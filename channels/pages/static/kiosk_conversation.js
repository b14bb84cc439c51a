// One visitor's questions and their answers: over the voice socket, or over HTTP while that is down.

import { conversationId, startAnew } from "./conversation.js";
import { context } from "./kiosk_settings.js";
import { AskFailed, askServer } from "./stream.js";

const PATIENCE_MS = 30000;

export class Conversation {
  // `does` = {changed(), quiet()}: whether an answer is awaited has changed; be silent at once
  constructor({ voice, turn, does }) {
    this.voice = voice;
    this.turn = turn;
    this.does = does;
    this.waiting = null;
    this.inFlight = null;
    this.generation = 0;
  }

  get id() {
    return conversationId();
  }

  // A question that was touched or typed.
  ask(question, raw = null) {
    this.does.quiet();
    this.turn.open(question, { raw });
    this.#await(question, "typed");
    if (!this.voice.ask(question)) this.#askOverHttp(question);
  }

  // A question that was spoken: the server answers it unasked.
  heard({ text, raw }) {
    if (this.waiting?.by === "typed" && this.waiting.question === text) return;
    this.turn.open(text, { raw });
    this.#await(text, "spoken");
  }

  answered(answer) {
    if (!this.waiting) return;
    const { question } = this.waiting;
    this.#settled();
    this.turn.fill(answer, () => this.ask(question));
  }

  failed({ kind = "server", message = null, requestId = null } = {}) {
    if (!this.waiting) return false;
    const { question } = this.waiting;
    this.#settled();
    this.turn.fail({ kind, sentence: message, requestId }, () => this.ask(question));
    return true;
  }

  // The socket broke: what it was asked is asked again another way.
  lost() {
    if (this.waiting && !this.inFlight) this.#askOverHttp(this.waiting.question);
  }

  cancel() {
    this.generation += 1;
    this.#settled();
    this.voice.cancel();
    this.does.quiet();
  }

  // Nothing is left here, and nothing on the server once it can be told.
  async wipe() {
    this.generation += 1;
    this.#settled();
    this.turn.clear();
    this.voice.leave();
    const ending = this.inFlight;
    this.inFlight = null;
    return startAnew(ending);
  }

  #await(question, by) {
    this.generation += 1;
    clearTimeout(this.timer);
    this.waiting = { question, by };
    this.timer = setTimeout(() => this.failed({ kind: "timeout" }), PATIENCE_MS);
    this.does.changed();
  }

  #settled() {
    clearTimeout(this.timer);
    this.waiting = null;
    this.does.changed();
  }

  #askOverHttp(question) {
    const mine = this.generation;
    const current = () => mine === this.generation;
    const body = { question, conversation_id: this.id, ...context() };
    const asked = askServer(body, (event, data) => event === "sentence" && current() && this.turn.sentence(data.text));
    this.inFlight = asked;
    asked
      .then((answer) => current() && this.answered(answer))
      .catch((error) => {
        if (!current()) return;
        const { kind, sentence, requestId } = error instanceof AskFailed ? error : new AskFailed("broken");
        this.failed({ kind, message: sentence, requestId });
      })
      .finally(() => {
        if (this.inFlight === asked) this.inFlight = null;
      });
  }
}
