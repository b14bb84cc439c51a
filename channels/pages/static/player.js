// Plays what 小新 says, piece after piece without a gap, and knows at which millisecond of it she is.

const LEAD_S = 0.06; // before the first sample, and after a piece that came too late
const WAKE_MS = 2000;
const DUCKED = 0.2;
const STEPS = [0.35, 0.6, 1, 1.6, 2.4];
const USUAL = 2;

export class Player {
  // `ended(epoch)` is called when everything of a finished epoch was heard.
  constructor({ ended }) {
    this.ended = ended;
    this.context = null;
    this.step = USUAL;
    this.muted = false;
    this.ducked = false;
    this.waking = false;
    this.#forget();
  }

  // For the next visitor.
  reset() {
    this.step = USUAL;
    this.muted = false;
    this.#loudness();
  }

  // In the handler of a touch: browsers allow sound only then.
  async wake() {
    if (!this.context) {
      this.context = new AudioContext({ latencyHint: "interactive", sampleRate: 24000 });
      const limiter = new DynamicsCompressorNode(this.context, { threshold: -6, knee: 6, ratio: 12, attack: 0.002 });
      this.gain = new GainNode(this.context);
      this.gain.connect(limiter).connect(this.context.destination);
      this.#loudness();
    }
    if (this.context.state === "running") return;
    this.waking = true;
    await Promise.race([this.context.resume(), new Promise((after) => setTimeout(after, WAKE_MS))]);
    this.waking = false;
  }

  get speaking() {
    return this.epoch !== null;
  }

  begin(epoch, rate) {
    this.drop();
    this.epoch = epoch;
    this.rate = rate;
    // without a running sound device captions and mouth still go in time
    this.silent = this.context?.state !== "running" && !this.waking;
  }

  push(buffer) {
    if (this.epoch === null) return;
    const pcm = new Int16Array(buffer, 0, buffer.byteLength >> 1);
    if (!pcm.length) return;
    const now = this.#now();
    if (this.next === null || this.next < now) this.next = now + LEAD_S;
    const seconds = pcm.length / this.rate;
    this.stretches.push({ at: this.next, from: this.total, ms: seconds * 1000 });
    if (!this.silent) this.#schedule(pcm, this.next);
    this.next += seconds;
    this.total += seconds * 1000;
  }

  finish(epoch) {
    if (epoch !== this.epoch) return;
    this.whole = true;
    this.#awaitEnd();
  }

  // Silent at once. What still comes of this epoch is not played.
  drop() {
    for (const source of this.sources) {
      source.onended = null;
      source.stop();
    }
    clearTimeout(this.timer);
    this.#forget();
  }

  // Milliseconds of the epoch that were heard; stands still while a piece is late. -1 before the first.
  clock() {
    if (!this.stretches.length) return -1;
    const now = this.#now() - (this.silent ? 0 : (this.context.outputLatency ?? 0));
    while (this.stretches.length > 1 && this.stretches[1].at <= now) this.stretches.shift();
    const { at, from, ms } = this.stretches[0];
    return now < at ? (from ? from : -1) : from + Math.min((now - at) * 1000, ms);
  }

  mute(muted) {
    this.muted = muted;
    this.#loudness();
  }

  // While somebody may be speaking over her.
  duck(ducked) {
    this.ducked = ducked;
    this.#loudness();
  }

  // True when it could be made louder (1) or softer (-1).
  louder(by) {
    const step = Math.max(0, Math.min(STEPS.length - 1, this.step + by));
    const changed = step !== this.step;
    this.step = step;
    this.#loudness();
    return changed;
  }

  get volume() {
    return { step: this.step, of: STEPS.length };
  }

  #schedule(pcm, at) {
    const sound = this.context.createBuffer(1, pcm.length, this.rate);
    sound.getChannelData(0).set(Float32Array.from(pcm, (sample) => sample / 32768));
    const source = new AudioBufferSourceNode(this.context, { buffer: sound });
    source.connect(this.gain);
    source.onended = () => this.sources.delete(source);
    this.sources.add(source);
    source.start(at);
  }

  #awaitEnd() {
    clearTimeout(this.timer);
    const epoch = this.epoch;
    const left = this.next === null ? 0 : this.next - this.#now();
    this.timer = setTimeout(() => {
      if (this.epoch !== epoch) return;
      if (this.next !== null && this.next - this.#now() > 0.02 && this.context?.state !== "suspended") {
        this.#awaitEnd();
        return;
      }
      this.drop();
      this.ended(epoch);
    }, Math.max(0, left * 1000));
  }

  #now() {
    return this.silent ? performance.now() / 1000 : this.context.currentTime;
  }

  #loudness() {
    if (!this.context) return;
    const level = this.muted ? 0 : STEPS[this.step] * (this.ducked ? DUCKED : 1);
    this.gain.gain.setTargetAtTime(level, this.context.currentTime, 0.015);
  }

  #forget() {
    this.epoch = null;
    this.sources = new Set();
    this.stretches = [];
    this.next = null;
    this.total = 0;
    this.whole = false;
    this.silent = true;
  }
}
