// Runs beside the page: brings the microphone's sound to 16 kHz PCM16 and posts it in frames of 40 ms.

const RATE = 16000;
const FRAME = 640;
const LOBES = 8;
const PHASES = 64;
const PASS = 0.92; // of the lower of both half rates, so that nothing folds back

// Windowed-sinc resampling from any rate.
class Resampler {
  constructor(from) {
    this.step = from / RATE;
    this.half = Math.ceil(LOBES * Math.max(1, this.step));
    this.table = Array.from({ length: PHASES }, (_, phase) => kernel(phase / PHASES, this.half, PASS / Math.max(1, this.step)));
    this.held = new Float32Array(this.half);
    this.at = this.half;
  }

  push(samples, out) {
    const held = new Float32Array(this.held.length + samples.length);
    held.set(this.held);
    held.set(samples, this.held.length);
    while (this.at + this.half + 1 < held.length) {
      const whole = Math.floor(this.at);
      const taps = this.table[Math.floor((this.at - whole) * PHASES)];
      let sum = 0;
      for (let tap = 0; tap < taps.length; tap += 1) sum += held[whole - this.half + 1 + tap] * taps[tap];
      out(sum);
      this.at += this.step;
    }
    const spent = Math.max(0, Math.floor(this.at) - this.half);
    this.held = held.slice(spent);
    this.at -= spent;
  }
}

function kernel(offset, half, cut) {
  const taps = Float32Array.from({ length: 2 * half }, (_, tap) => {
    const x = tap - half + 1 - offset;
    const sinc = x === 0 ? cut : Math.sin(Math.PI * cut * x) / (Math.PI * x);
    return sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / (half + 1)));
  });
  const sum = taps.reduce((all, tap) => all + tap, 0);
  return taps.map((tap) => tap / sum);
}

class Frames extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = new Resampler(sampleRate);
    this.frame = new Int16Array(FRAME);
    this.filled = 0;
    this.energy = 0;
  }

  process([input]) {
    if (input.length) this.resampler.push(input[0], (sample) => this.keep(sample));
    return true;
  }

  keep(sample) {
    const bounded = Math.max(-1, Math.min(1, sample));
    this.frame[this.filled] = Math.round(bounded * 32767);
    this.energy += bounded * bounded;
    this.filled += 1;
    if (this.filled < FRAME) return;
    const pcm = this.frame.buffer;
    this.port.postMessage({ pcm, level: Math.sqrt(this.energy / FRAME) }, [pcm]);
    this.frame = new Int16Array(FRAME);
    this.filled = 0;
    this.energy = 0;
  }
}

registerProcessor("microphone-frames", Frames);
