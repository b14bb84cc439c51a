// The voice socket of this terminal: opens, speaks the protocol, comes back by itself.

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15000;
const REFUSED_WAIT_MS = 60000;
const REFUSALS = new Set(["voice_off", "too_many_conversations"]);
const MOST_BUFFERED = 256 * 1024; // eight seconds of sound: what is older no longer helps

export class VoiceClient {
  // `does` = {heard(event), sound(buffer), changed(state)}; states: connecting, open, down, and a refusal's code
  constructor(path, does) {
    this.path = path;
    this.does = does;
    this.state = "connecting";
    this.start = null;
    this.wait = FIRST_WAIT_MS;
    addEventListener("online", () => this.#soon());
  }

  get open() {
    return this.state === "open" && this.socket?.readyState === WebSocket.OPEN;
  }

  // Begins, or changes, what `start` says; sent again after every reconnection.
  begin(start) {
    this.start = { type: "start", format: "pcm16", rate: 16000, ...start };
    if (this.socket?.readyState === WebSocket.OPEN) this.#send(this.start);
    else this.#connect();
  }

  sound(pcm) {
    if (this.open && this.socket.bufferedAmount < MOST_BUFFERED) this.socket.send(pcm);
  }

  end() {
    return this.#say({ type: "end" });
  }

  ask(text, { speak = true } = {}) {
    return this.#say(speak ? { type: "text", text } : { type: "text", text, speak });
  }

  greet() {
    return this.#say({ type: "greet" });
  }

  cancel() {
    return this.#say({ type: "cancel" });
  }

  leave() {
    return this.#say({ type: "leave" });
  }

  // False where nobody is at the other end.
  #say(event) {
    if (!this.open) return false;
    this.#send(event);
    return true;
  }

  #send(event) {
    this.socket.send(JSON.stringify(event));
  }

  #connect() {
    if (this.socket && this.socket.readyState <= WebSocket.OPEN) return;
    clearTimeout(this.timer);
    this.refused = null;
    const url = new URL(this.path, location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => this.#send(this.start));
    socket.addEventListener("message", ({ data }) => this.#read(data));
    socket.addEventListener("close", () => this.#closed(socket));
    this.socket = socket;
  }

  #read(data) {
    if (typeof data !== "string") {
      this.does.sound(data);
      return;
    }
    const event = JSON.parse(data);
    if (event.type === "ready") {
      this.wait = FIRST_WAIT_MS;
      this.#turn("open");
    }
    if (event.type === "failed" && REFUSALS.has(event.code)) this.refused = event.code;
    this.does.heard(event);
  }

  #closed(socket) {
    if (socket !== this.socket) return;
    this.socket = null;
    const wait = this.refused ? REFUSED_WAIT_MS : this.wait * (0.8 + 0.4 * Math.random());
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
    this.timer = setTimeout(() => this.#connect(), wait);
    this.#turn(this.refused ?? "down");
  }

  #soon() {
    if (this.socket || !this.start || this.refused) return;
    this.wait = FIRST_WAIT_MS;
    this.#connect();
  }

  #turn(state) {
    if (state === this.state) return;
    this.state = state;
    this.does.changed(state);
  }
}
