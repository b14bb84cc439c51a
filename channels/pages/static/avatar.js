// 小新, drawn and moved. `host` is filled; its `data-framing="bust"` shows head and shoulders alone, for small places.

import { BACK_HAIR, BODY, CUFF, FOREARM, FRONT_HAIR, HAIR_SHADE, HAND, HEIGHT, LIGHTS, NOSE, PAINTS, TOP, WIDTH } from "./avatar_art.js";
import { EXPRESSIONS, Face } from "./avatar_expressions.js";
import { EYES, showEyes } from "./avatar_eyes.js";
import { Liveliness } from "./avatar_life.js";
import { MOUTH, MouthTrack, showMouth } from "./avatar_mouth.js";
import { mix, path } from "./avatar_shape.js";

const LABEL = "数字人小新";
const LIPS_SETTLE = 0.018; // seconds
const LONGEST_STEP = 0.05; // seconds, so that a tab that slept does not jump
const QUIET_STEP = 1 / 34; // seconds between pictures while she says and does nothing

const SHIFT_STEP = 0.2; // pixels of the drawing
const TURN_STEP = 0.04; // degrees
const TALL_STEP = 0.0002;

const stepped = (value, step) => Math.round(value / step) * step;
const percent = (pixels, whole) => `${((100 * stepped(pixels, SHIFT_STEP)) / whole).toFixed(3)}%`;

const skin = (drop) =>
  path`M262 236C259 286 267 322 287 350C304 374 ${[334, 396 + drop]} ${[360, 396 + drop]}C${[386, 396 + drop]} 416 374 433 350C453 322 461 286 458 236C458 166 420 128 360 128C300 128 262 166 262 236Z`;

const LAYERS = {
  back: BACK_HAIR,
  body: `<g transform="translate(0 -14)">${BODY}</g>`,
  head: `
<clipPath id="§clip-face"><path d="${skin(0)}"/></clipPath>
<path data-part="skin" fill="url(#§skin)"/>
<g clip-path="url(#§clip-face)">${LIGHTS}<g data-part="blush"><circle cx="300" cy="322" r="36" fill="url(#§blushLeft)"/><circle cx="420" cy="322" r="36" fill="url(#§blushRight)"/></g></g>
<g data-part="features">${EYES}${MOUTH}<g data-part="nose">${NOSE}</g></g>
<g clip-path="url(#§clip-face)"><g data-part="hair-shade">${HAIR_SHADE}</g></g>`,
  hair: FRONT_HAIR,
  arm: `<g data-part="arm"><g data-part="forearm"><g data-part="hand">${HAND}</g>${CUFF}${FOREARM}</g></g>`,
};

let drawn = 0;

export class Avatar {
  #root;
  #layers = {};
  #parts = {};
  #written = new Map();
  #clock = () => performance.now();
  #heard = 0;
  #face = new Face();
  #track = new MouthTrack();
  #lips = { ...this.#track.at(0) };
  #life = new Liveliness();
  #calm = matchMedia("(prefers-reduced-motion: reduce)");
  #name = "idle";
  #frame = 0;
  #last = 0;
  #gone = false;

  constructor(host) {
    this.#root = this.#draw(host.getAttribute("aria-label") ?? LABEL);
    host.append(this.#root);
    this.#calm.addEventListener("change", this.#aim);
    this.express("idle");
    this.#show(0);
    this.start();
  }

  // Where the times of `speak` are read from: a function that returns milliseconds, such as those of the sound that plays.
  set clock(read) {
    this.#clock = read;
  }

  get expression() {
    return this.#name;
  }

  // Makes a face: idle, greet, listen, think, explain, smile or sorry. An unknown name leaves her at rest.
  express(name) {
    this.#name = Object.hasOwn(EXPRESSIONS, name) ? name : "idle";
    this.#root.dataset.expression = this.#name;
    this.#aim();
  }

  // Moves the mouth along `[[ms, viseme], …]`, counted from `startAt` on the clock. Sentences of one speech are added one by one.
  speak(timeline, startAt) {
    this.#track.add(timeline, startAt);
  }

  // Closes the mouth at once, whatever was to be said.
  hush() {
    this.#track.clear();
  }

  // Loudness of what sounds now, in [0, 1]: moves the mouth where no visemes came.
  level(rms) {
    this.#track.hear(rms, this.#now());
  }

  start() {
    if (this.#frame || this.#gone) return;
    this.#last = performance.now();
    this.#frame = requestAnimationFrame(this.#tick);
  }

  stop() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  destroy() {
    this.stop();
    this.#gone = true;
    this.#calm.removeEventListener("change", this.#aim);
    this.#root.remove();
  }

  // The clock's time; while it tells none, as before sound begins, the last that it told.
  #now() {
    const told = this.#clock();
    if (Number.isFinite(told)) this.#heard = told;
    return this.#heard;
  }

  #aim = () => {
    const goal = EXPRESSIONS[this.#name];
    this.#face.aim(this.#calm.matches ? { ...goal, arm: EXPRESSIONS.idle.arm, wave: 0, beat: 0, bow: 0 } : goal);
    this.#life.busyUntil = performance.now() + 1200;
  };

  #tick = (time) => {
    this.#frame = requestAnimationFrame(this.#tick);
    const seconds = (time - this.#last) / 1000;
    const busy = this.#life.busyUntil > time || this.#face.now.arm > -170 || this.#track.speaking(this.#now());
    if (seconds <= 0 || (!busy && seconds < QUIET_STEP)) return;
    this.#last = time;
    this.#show(Math.min(seconds, LONGEST_STEP));
  };

  #show(seconds) {
    const now = this.#now();
    const speaking = this.#track.speaking(now);
    this.#face.step(seconds);
    const wanted = this.#track.at(now);
    const share = 1 - Math.exp(-seconds / LIPS_SETTLE);
    for (const field of Object.keys(wanted)) this.#lips[field] = mix(this.#lips[field], wanted[field], share);
    const life = this.#life.step(seconds, { calm: this.#calm.matches, speaking, open: this.#lips.open });
    this.#pose(this.#face.now, life);
  }

  #pose(face, life) {
    const put = this.#put;
    const lips = this.#lips;
    const said = Math.min(1, lips.open / 5 + lips.round + lips.press + lips.tuck);
    const mouth = {
      ...lips,
      wide: lips.wide + face.stretch * (1 - 0.6 * said),
      open: Math.max(lips.open, face.open * (1 - said)),
      teeth: Math.max(lips.teeth, face.teeth * (1 - said)),
      press: Math.max(lips.press, face.press * (1 - said)),
      corner: lips.corner + face.corner * (1 - 0.85 * lips.round),
    };
    const turn = face.turn + life.turn;
    const nod = face.nod + life.nod;
    put("skin", "d", skin(lips.open * 0.28));
    put("blush", "opacity", face.blush.toFixed(2));
    put("features", "transform", `translate(${turn.toFixed(1)} ${nod.toFixed(1)})`);
    put("nose", "transform", `translate(${(turn * 0.35).toFixed(1)} ${(nod * 0.3).toFixed(1)})`);
    put("hair-shade", "transform", `translate(${(turn * 0.3).toFixed(1)} ${(nod * 0.25).toFixed(1)})`);
    showEyes(put, face, life.blink, { x: face.gazeX + life.gazeX, y: face.gazeY + life.gazeY });
    showMouth(put, mouth);
    const head = [life.sway, face.bow * 12 + life.breath * -2.2];
    const angle = face.tilt + life.tilt;
    this.#move("head", head, angle);
    this.#move("hair", [head[0] + turn * 0.3, head[1] + nod * 0.25], angle);
    this.#move("back", [head[0] - turn * 0.4, head[1]], angle * 0.9);
    this.#move("body", [life.sway * 0.35, face.bow * 5], 0, 1 + life.breath * 0.0026);
    this.#poseArm(face, life);
  }

  #poseArm(face, life) {
    const raised = face.arm > -170;
    this.#put("arm", "visibility", raised ? "visible" : "hidden");
    this.#put("hanging", "visibility", raised ? "hidden" : "visible");
    if (!raised) return;
    const forearm = face.arm + face.wave * life.wave * 0.55 + face.beat * life.beat;
    const hand = face.hand + face.wave * life.wave * 1.2 + face.beat * life.beat * 1.3;
    this.#put("forearm", "transform", `translate(165 760) rotate(${forearm.toFixed(1)})`);
    this.#put("hand", "transform", `translate(0 -182) rotate(${hand.toFixed(1)}) scale(1.1)`);
  }

  // In steps too small to be seen, so that slow sway does not paint a whole picture sixty times a second.
  #move(layer, [x, y], angle, tall = 1) {
    const shift = `translate(${percent(x, WIDTH)}, ${percent(y, HEIGHT)})`;
    const value = `${shift} rotate(${stepped(angle, TURN_STEP).toFixed(2)}deg) scale(1, ${stepped(tall, TALL_STEP).toFixed(5)})`;
    if (this.#written.get(layer) === value) return;
    this.#written.set(layer, value);
    this.#layers[layer].style.transform = value;
  }

  #put = (part, attribute, value) => {
    const key = `${part} ${attribute}`;
    if (this.#written.get(key) === value) return;
    this.#written.set(key, value);
    this.#parts[part].setAttribute(attribute, value);
  };

  #draw(label) {
    const prefix = `avatar${++drawn}-`;
    const root = document.createElement("div");
    root.className = "avatar";
    root.setAttribute("role", "img");
    root.setAttribute("aria-label", label);
    const figure = document.createElement("div");
    figure.className = "avatar-figure";
    figure.append(picture("paints", `<defs>${PAINTS}</defs>`, prefix));
    for (const [name, markup] of Object.entries(LAYERS)) {
      this.#layers[name] = picture(name, markup, prefix);
      figure.append(this.#layers[name]);
    }
    root.append(figure);
    for (const part of root.querySelectorAll("[data-part]")) this.#parts[part.dataset.part] = part;
    return root;
  }
}

function picture(name, markup, prefix) {
  const text = `<svg xmlns="http://www.w3.org/2000/svg" class="avatar-${name}" viewBox="0 ${TOP} ${WIDTH} ${HEIGHT}" aria-hidden="true">${markup}</svg>`;
  const parsed = new DOMParser().parseFromString(text.replaceAll("§", prefix), "image/svg+xml");
  return document.importNode(parsed.documentElement, true);
}
