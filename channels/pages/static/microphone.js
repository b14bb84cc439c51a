// The terminal's microphone as frames of 16 kHz PCM16.

const WANTED = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const REASONS = { NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "missing", OverconstrainedError: "missing" };

export class NoMicrophone extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason; // refused, missing, busy, unsupported
  }
}

export class Microphone {
  // `does` = {frame(pcm), level(0…1), lost()}
  constructor(does) {
    this.does = does;
    this.context = null;
    this.stream = null;
  }

  get open() {
    return Boolean(this.stream);
  }

  // Raises NoMicrophone. A page that is not served over HTTPS or from this machine has none.
  async start() {
    if (this.opening) return this.opening;
    if (this.open) return undefined;
    this.opening = this.#start().finally(() => (this.opening = null));
    return this.opening;
  }

  async #start() {
    if (!navigator.mediaDevices?.getUserMedia || !window.AudioWorkletNode) throw new NoMicrophone("unsupported");
    this.wanted = true;
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: WANTED });
    } catch (error) {
      throw new NoMicrophone(REASONS[error.name] ?? "busy");
    }
    const context = new AudioContext({ latencyHint: "interactive" });
    await context.audioWorklet.addModule("/static/microphone_worklet.js");
    if (!this.wanted) return release(stream, context);
    const frames = new AudioWorkletNode(context, "microphone-frames", { numberOfInputs: 1, numberOfOutputs: 0 });
    frames.port.onmessage = ({ data }) => {
      if (this.stream !== stream) return;
      this.does.level(data.level);
      this.does.frame(data.pcm);
    };
    context.createMediaStreamSource(stream).connect(frames);
    stream.getAudioTracks()[0].addEventListener("ended", () => {
      if (this.stream !== stream) return;
      this.stop();
      this.does.lost();
    });
    this.stream = stream;
    this.context = context;
    await context.resume();
    return undefined;
  }

  stop() {
    this.wanted = false;
    if (this.stream) release(this.stream, this.context);
    this.stream = null;
    this.context = null;
    this.does.level(0);
  }
}

function release(stream, context) {
  for (const track of stream.getTracks()) track.stop();
  context.close();
}
