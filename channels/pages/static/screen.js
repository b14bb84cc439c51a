// The hall's wall: figures of the day as they change, and what 小新 says at the terminals, with face and captions.

import { el } from "./dom.js";

const $ = (id) => document.getElementById(id);
const still = matchMedia("(prefers-reduced-motion: reduce)");
const number = new Intl.NumberFormat("zh-CN");

// Clock. The wall's own: the figures name the hall's day themselves.

const dateText = new Intl.DateTimeFormat("zh-CN", { month: "long", day: "numeric" });
const weekday = new Intl.DateTimeFormat("zh-CN", { weekday: "long" });
const timeText = new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

function tick() {
  const now = new Date();
  $("date").textContent = `${dateText.format(now)}\n${weekday.format(now)}`;
  $("clock").textContent = timeText.format(now);
}

// Figures.

const standing = new Map();

function roll(id, value) {
  const node = $(id);
  const from = standing.get(id) ?? 0;
  standing.set(id, value);
  const write = (shown) => {
    node.textContent = number.format(shown);
    node.toggleAttribute("data-long", node.textContent.length > 5);
  };
  if (still.matches || document.hidden || from === value) return write(value);
  const begun = performance.now();
  const frame = (now) => {
    if (standing.get(id) !== value) return;
    const part = Math.min(Math.max((now - begun) / 700, 0), 1);
    write(Math.round(from + (value - from) * (1 - (1 - part) ** 3)));
    if (part < 1) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

function showFigures(figures) {
  for (const id of ["conversations", "questions", "referred"]) roll(id, figures[id]);
  $("share-unit").hidden = !figures.concluded;
  // Rounded down: 100 stands only where every question was answered.
  if (figures.concluded) roll("share", Math.floor((figures.answered * 100) / figures.concluded));
  else {
    standing.delete("share");
    $("share").textContent = "–";
  }
  showHot(figures.hot);
  showLast(figures.last);
  byHour = figures.by_hour;
  drawHours();
  document.body.dataset.day = figures.day;
}

function showHot(hot) {
  const most = hot[0]?.questions ?? 1;
  const known = new Map([...$("hot").children].map((row) => [row.dataset.item, row.style.getPropertyValue("--part")]));
  const rows = hot.map(({ item, name, questions }, index) => {
    const row = el(
      "li",
      { "data-item": item },
      el("span", { class: "rank" }, String(index + 1)),
      el("span", { class: "name", "data-long": name.length > 14 }, name),
      el("span", { class: "number" }, number.format(questions)),
      el("span", { class: "track" }, el("i")),
    );
    row.style.setProperty("--part", known.get(item) ?? "0%");
    requestAnimationFrame(() => row.style.setProperty("--part", `${(questions * 100) / most}%`));
    return row;
  });
  $("hot").replaceChildren(...rows);
  $("hot").hidden = !hot.length;
  $("hot-empty").hidden = hot.length > 0;
}

let asked = null;

function showLast(last) {
  const rows = last.map(({ at, question }) =>
    el(
      "li",
      { class: asked && !asked.has(question) ? "fresh" : null },
      el("time", {}, at),
      el("span", { class: "question" }, question),
    ),
  );
  asked = new Set(last.map(({ question }) => question));
  $("last").replaceChildren(...rows);
  $("last").hidden = !last.length;
  $("last-empty").hidden = last.length > 0;
}

// Questions by hour: working hours always, others where somebody asked.

const [OPENS, CLOSES] = [8, 18];
const SVG = "http://www.w3.org/2000/svg";
let byHour = new Array(24).fill(0);

function shape(tag, attributes, text) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

// The next round number of 1, 2, 4, 5 or 10 times a power of ten that halves well.
function ceiling(most) {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, 1)));
  return Math.max([1, 2, 4, 6, 8, 10].map((step) => step * power).find((step) => step >= most), 4);
}

function drawHours() {
  const used = byHour.flatMap((count, hour) => (count ? [hour] : []));
  const first = Math.min(OPENS, ...used);
  const final = Math.max(CLOSES - 1, ...used);
  const top = ceiling(Math.max(...byHour));
  const [left, right, high, low] = [92, 640, 36, 196];
  const width = (right - left) / (final - first + 1);
  const bar = Math.min(width * 0.62, 44);
  const y = (count) => low - ((low - high) * count) / top;
  const nodes = [0, top / 2, top].flatMap((count) => [
    shape("line", { x1: left, x2: right, y1: y(count), y2: y(count) }),
    shape("text", { x: left - 12, y: y(count) + 9, class: "scale" }, number.format(count)),
  ]);
  const now = new Date().getHours();
  const best = Math.max(...byHour);
  const each = final - first > 14 ? 3 : final - first > 10 ? 2 : 1;
  for (let hour = first; hour <= final; hour += 1) {
    const [count, x] = [byHour[hour], left + (hour - first + 0.5) * width];
    const isNow = hour === now;
    if (count) {
      const height = Math.max(low - y(count), 3);
      const box = { x: x - bar / 2, y: low - height, width: bar, height, rx: Math.min(6, height / 2) };
      nodes.push(shape("rect", { ...box, class: isNow ? "bar bar-now" : "bar" }));
    }
    if (count && (isNow || count === best)) nodes.push(shape("text", { x, y: y(count) - 10, class: "count" }, number.format(count)));
    if ((hour - first) % each === 0) nodes.push(shape("text", { x, y: 232, class: isNow ? "label-now" : "" }, String(hour)));
  }
  $("hourly").replaceChildren(...nodes);
}

// 小新. Where the face cannot be loaded the emblem stays, and captions go on.

let face = null;

async function openFace() {
  try {
    const { Avatar } = await import("./avatar.js");
    $("face").replaceChildren();
    face = new Avatar($("face"));
    face.clock = () => performance.now();
    face.express("idle");
  } catch {
    face = null;
  }
}

const LEAD_MS = 250; // what is heard at the terminal has been on its way for about as long
const AFTER_MS = 1500;
let speech = null; // {terminal, epoch, origin, until, timers}
let resting = 0;

function later(speech, at, action) {
  speech.timers.push(setTimeout(action, Math.max(at - performance.now(), 0)));
}

// One terminal at a time: whoever speaks first is shown until the end.
function speechOf({ terminal = "", epoch = 0 }, starts) {
  if (speech && speech.terminal !== terminal && performance.now() < speech.until) return null;
  if (speech?.terminal !== terminal || speech.epoch !== epoch) {
    endSpeech();
    const origin = performance.now() + LEAD_MS - starts;
    speech = { terminal, epoch, origin, until: performance.now() + 8000, timers: [] };
  }
  return speech;
}

function endSpeech() {
  if (!speech) return;
  speech.timers.forEach(clearTimeout);
  speech = null;
  face?.hush();
  face?.express("idle");
  rest();
}

// Words stay whole at the end of a line, and marks with the word before them.
const words = new Intl.Segmenter("zh", { granularity: "word" });

function setSentence(text) {
  const kept = [];
  for (const { segment, isWordLike } of words.segment(text)) {
    if (isWordLike || !kept.length) kept.push(segment);
    else kept[kept.length - 1] += segment;
  }
  $("sentence").replaceChildren(...kept.map((word) => el("span", { class: "word" }, word)));
}

// A long sentence is shown piece by piece, cut after a comma where there is one, so that its letters stay large.
const MOST = 34;
const room = (text) => [...text].reduce((sum, char) => sum + (char > "\u2e7f" ? 1 : 0.55), 0);

function pieces(sentence) {
  const clauses = sentence.match(/[^，、；：。！？]+[，、；：。！？”’）]*|[，、；：。！？”’）]+/g) ?? [];
  const cut = [];
  for (const clause of clauses.flatMap((one) => (room(one) > MOST ? one.match(/[\u2e80-\uffff]{1,32}|[^\u2e80-\uffff]{1,32}(?:\s|$)|.{1,32}/gu) : [one]))) {
    const before = cut.at(-1);
    if (before !== undefined && room(before + clause) <= MOST) cut[cut.length - 1] = before + clause;
    else cut.push(clause);
  }
  return cut;
}

const heard = {
  speech_start: (frame) => void speechOf(frame, 0),
  caption(frame) {
    const mine = speechOf(frame, frame.start_ms);
    if (!mine) return;
    mine.until = mine.origin + frame.end_ms + AFTER_MS;
    const whole = room(frame.sentence) || 1;
    let said = 0;
    for (const piece of pieces(frame.sentence)) {
      const at = frame.start_ms + ((frame.end_ms - frame.start_ms) * said) / whole;
      said += room(piece);
      later(mine, mine.origin + at, () => {
        $("caption").dataset.speaking = "";
        setSentence(piece);
      });
    }
    later(mine, mine.until, () => performance.now() + 50 >= mine.until && speech === mine && endSpeech());
  },
  visemes(frame) {
    const starts = frame.at_ms[0]?.[0];
    const mine = starts === undefined ? null : speechOf(frame, starts);
    if (mine) face?.speak(frame.at_ms, mine.origin);
  },
  expression({ terminal = "", name }) {
    if (!speech || speech.terminal === terminal) face?.express(name);
  },
  speech_end({ terminal = "", epoch = 0, reason }) {
    if (reason === "cancelled" && speech?.terminal === terminal && speech.epoch === epoch) endSpeech();
  },
};

// When nobody speaks: a greeting now and then.

const greetings = [...$("greetings").content.querySelectorAll("p")].map((node) => node.textContent);
const GREET_MS = 20000;
let greeted = -1;

function rest() {
  delete $("caption").dataset.speaking;
  greeted = (greeted + 1) % greetings.length;
  setSentence(greetings[greeted]);
  clearTimeout(resting);
  if (greeted === 0) {
    face?.express("greet");
    setTimeout(() => speech || face?.express("idle"), 3000);
  }
  resting = setTimeout(() => speech || rest(), GREET_MS);
}

// The stream. A browser reconnects by itself unless it was refused or the line went dead without a word: then this does.

const SILENCE_MS = 40000;
const AGAIN_MS = 5000;
let silence = 0;

function linked(state) {
  $("link").dataset.link = state;
}

function listen() {
  const stream = new EventSource(document.body.dataset.events);
  const alive = () => {
    clearTimeout(silence);
    silence = setTimeout(again, SILENCE_MS);
    linked("live");
  };
  const again = () => {
    stream.close();
    clearTimeout(silence);
    linked("lost");
    setTimeout(listen, AGAIN_MS);
  };
  stream.addEventListener("open", alive);
  stream.addEventListener("beat", alive);
  stream.addEventListener("figures", ({ data }) => {
    alive();
    $("as-of").textContent = timeText.format(new Date());
    showFigures(JSON.parse(data));
  });
  for (const [name, show] of Object.entries(heard)) {
    stream.addEventListener(name, ({ data }) => {
      alive();
      show(JSON.parse(data));
    });
  }
  stream.addEventListener("error", () => {
    linked("lost");
    if (stream.readyState === EventSource.CLOSED) again();
  });
}

// A wall must not fall asleep. Browsers that cannot be kept awake are kept so by who set them up.
async function stayAwake() {
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    return;
  }
}

document.addEventListener("visibilitychange", () => document.hidden || stayAwake());
tick();
drawHours();
setInterval(tick, 1000);
setInterval(drawHours, 60000);
await openFace();
rest();
listen();
stayAwake();
document.documentElement.dataset.ready = "";
