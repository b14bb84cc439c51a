// The kiosk's page: wires its parts together.

import { forgetTicks, showChecklist } from "./checklist.js";
import { wipePending } from "./conversation.js";
import { Captions } from "./kiosk_captions.js";
import { Conversation } from "./kiosk_conversation.js";
import { Face } from "./kiosk_face.js";
import { Idle } from "./kiosk_idle.js";
import { masked } from "./kiosk_mask.js";
import { choose, context, newVisit, profile, terminal, visit } from "./kiosk_settings.js";
import { Talk } from "./kiosk_talk.js";
import { TurnView } from "./kiosk_turn.js";
import { Views } from "./kiosk_views.js";
import { kioskWords } from "./kiosk_words.js";
import { Player } from "./player.js";
import { closeOnBackdrop } from "./source.js";
import { VoiceClient } from "./voice_client.js";
import { translate } from "./words.js";

const $ = (id) => document.getElementById(id);
const body = document.body;
const hall = { name: body.dataset.hall, hotline: body.dataset.hotline };
const CONNECTION_GRACE_MS = 1500;

newVisit();
let t = kioskWords(visit.language ?? "zh");
let hearing = false;
let answering = null;
let soon = false; // the answer stands there, and its sound is on the way

const player = new Player({ ended: spoken });
const captions = new Captions({ line: $("caption"), announcer: $("announcer"), clock: () => player.clock() });
const face = new Face($("avatar"), () => player.clock());
const views = new Views();
const voice = new VoiceClient("/v1/voice", { heard: told, sound: (pcm) => player.push(pcm), changed: connectionChanged });
const turn = new TurnView($("turn"), () => t, hall, { ask, openChecklist, show: () => views.show("turn") });
const conversation = new Conversation({ voice, turn, does: { changed: drawState, quiet } });
const talk = new Talk({
  button: $("talk"),
  voice,
  crowd: () => profile() === "crowd",
  does: { interrupt, changed: drawState, trouble: (reason) => say(t.microphone[reason]), pressed: here, phase },
});
const idle = new Idle({ after: terminal.idle, countdown: terminal.countdown }, { busy, warn, calm, end: goodbye });

// ---- what the server tells

const TOLD = {
  ready: ({ label }) => {
    if (label) $("label").dataset.zh = label;
    drawLabel();
  },
  listening: () => {
    soon = false;
    setHearing(false);
  },
  hearing: () => {
    here();
    setHearing(true);
    if (player.speaking) player.duck(true);
    else captions.show(t.youSay("…"), "visitor");
  },
  partial: ({ text }) => player.speaking || captions.show(t.youSay(masked(text, t.hidden)), "visitor"),
  heard,
  answer: (answer) => {
    here();
    soon = Boolean(conversation.waiting && answer.speech);
    conversation.answered(answer);
  },
  expression: ({ name }) => body.dataset.phase === "visit" && face.express(name),
  speech_start: ({ epoch, rate }) => {
    captions.clear();
    face.hush();
    player.duck(false);
    player.begin(epoch, rate);
    answering = epoch;
    soon = false;
    drawState();
    requestAnimationFrame(drawSpeech);
  },
  caption: (caption) => caption.epoch === answering && captions.add(caption),
  visemes: ({ epoch, at_ms }) => epoch === answering && face.say(at_ms),
  speech_end: ({ epoch, reason }) => {
    if (epoch !== answering) return;
    if (reason === "cancelled") quiet();
    else player.finish(epoch);
  },
  idle: ({ stage }) => {
    if (body.dataset.phase !== "visit") return;
    if (stage === "goodbye") goodbye();
    else if (!busy()) idle.warn();
  },
  volume: ({ step }) => volume(step),
  failed: ({ code, message }) => {
    if (t.connection[code]) return;
    soon = false;
    if (!conversation.failed({ message }) && body.dataset.phase === "visit") say(message);
  },
};

function told(event) {
  TOLD[event.type]?.(event);
}

function heard(event) {
  setHearing(false);
  player.duck(false);
  if (body.dataset.phase !== "visit") return;
  if (event.text) {
    here();
    quiet();
    captions.show(t.youSay(masked(event.text, t.hidden)), "visitor");
    conversation.heard(event);
  } else if (!player.speaking && !conversation.waiting) {
    captions.show(t.unheard[event.reason] ?? "");
  }
}

function setHearing(now) {
  hearing = now;
  if (!now) player.duck(false);
  drawState();
}

function connectionChanged(state) {
  setHearing(false);
  if (state === "open") {
    if (body.dataset.phase === "visit" && !talk.trouble && $("banner").textContent) toast(t.back_online);
    if (talk.wanted) talk.listen();
  } else {
    quiet();
    talk.rest();
    conversation.lost();
  }
  drawConnection();
  drawState();
}

// ---- asking

function ask(question) {
  here();
  conversation.ask(question);
  captions.show(t.working);
}

function connect() {
  voice.begin({ ...context(), duplex: terminal.duplex, conversation_id: conversation.id });
}

function interrupt() {
  if (conversation.waiting) {
    conversation.cancel();
    views.show("home");
    captions.clear();
  } else {
    voice.cancel();
    quiet();
  }
  face.express("listen");
}

// She stops at once; what still arrives of that epoch is not played.
function quiet() {
  answering = null;
  soon = false;
  player.drop();
  player.duck(false);
  face.hush();
  captions.rest();
  drawState();
}

function spoken() {
  answering = null;
  face.hush();
  face.express("idle");
  captions.rest();
  here();
  drawState();
}

function drawSpeech() {
  if (!player.speaking) return;
  captions.draw();
  requestAnimationFrame(drawSpeech);
}

// ---- the visit

function begin(language) {
  if (body.dataset.phase === "visit") return;
  if (language) setLanguage(language);
  body.dataset.phase = "visit";
  for (const part of [$("content"), document.querySelector(".k-dock")]) part.inert = false;
  player.wake();
  face.express("greet");
  greet();
  views.show("home");
  connect();
  talk.listen().then(() => talk.trouble || captions.line.dataset.of !== "page" || greet());
  idle.touched();
}

function greet() {
  captions.show(t.greetingKiosk);
}

async function goodbye() {
  if (body.dataset.phase !== "visit") return;
  idle.stop();
  quiet();
  body.dataset.phase = "attract";
  for (const sheet of document.querySelectorAll("dialog[open]")) sheet.close();
  $("question").value = "";
  talk.trouble = null;
  talk.stop();
  forgetTicks();
  captions.clear();
  attract();
  const wiped = conversation.wipe();
  connect();
  toast((await wiped) ? t.wiped : t.wipedHere);
}

function attract() {
  newVisit();
  speakLanguage();
  setMute(false);
  face.express("greet");
  views.show("home", { focus: false });
  for (const part of [$("content"), document.querySelector(".k-dock")]) part.inert = true;
  captions.show(t.greetingKiosk);
  $("start").focus({ preventScroll: true });
  drawState();
}

// Any touch, and any word, is somebody.
function here() {
  if (body.dataset.phase === "visit") idle.touched();
}

function busy() {
  return player.speaking || soon || hearing || Boolean(conversation.waiting) || Boolean(talk.held);
}

function warn(seconds) {
  $("still-count").textContent = seconds;
  const sentence = t.wipeIn(seconds);
  $("still-text").textContent = sentence;
  if (!$("still").open) $("still").showModal();
}

function calm() {
  if ($("still").open) $("still").close();
}

function stay() {
  idle.touched();
  // the server counts too: what it hears from here shows it that somebody is there
  connect();
}

// ---- what is shown

function phase() {
  if (conversation.waiting) return "thinking";
  return player.speaking || soon ? "speaking" : "idle";
}

function stateNow() {
  if (hearing && !conversation.waiting) return "hearing";
  if (soon) return "thinking";
  if (phase() !== "idle") return phase();
  if (talk.opening) return "opening";
  if (!talk.usable) return "idle";
  return talk.open && profile() !== "crowd" ? "ready" : talk.trouble ? "idle" : "paused";
}

function drawState() {
  const state = stateNow();
  const mode = talk.mode();
  body.dataset.state = state;
  const words = state === "paused" && profile() === "crowd" ? t.talk.hold : t.states[state];
  const place = document.querySelector(".k-state-words");
  if (place.textContent !== words) place.textContent = words;
  const button = $("talk");
  button.dataset.mode = mode === "ready" && hearing ? "hearing" : mode;
  button.querySelector(".k-talk-words").textContent = t.talk[button.dataset.mode];
  button.setAttribute("aria-disabled", String(!voice.open || mode === "opening"));
}

let connectionTimer;

function drawConnection() {
  clearTimeout(connectionTimer);
  const sentence = navigator.onLine ? (t.connection[voice.state] ?? "") : t.connection.offline;
  const write = () => ($("banner").textContent = sentence);
  // a socket that is back at once is not worth a word
  if (sentence && voice.state === "down" && navigator.onLine) connectionTimer = setTimeout(write, CONNECTION_GRACE_MS);
  else write();
}

function say(sentence) {
  captions.show(sentence);
}

function speakLanguage() {
  const language = visit.language ?? "zh";
  t = kioskWords(language);
  translate(document, language, t);
  for (const title of document.querySelectorAll("[data-services-of]")) {
    const name = title.dataset.servicesOf;
    title.textContent = t.servicesOf(name ? (t.events[name] ?? name) : t.otherEvent);
  }
  for (const button of document.querySelectorAll("[data-language-choice]")) {
    const chosen = button.dataset.languageChoice === language;
    button.setAttribute("aria-pressed", String(chosen));
    if (chosen) $("language").querySelector("span").textContent = button.textContent;
  }
  drawLabel();
  setElder(visit.elder);
  setMute(player.muted);
  drawConnection();
  drawState();
}

// The hall's own sentence stands in Chinese.
function drawLabel() {
  $("label").textContent = (visit.language ?? "zh") === "zh" ? $("label").dataset.zh : t.aiLabel;
}

function setLanguage(language) {
  $("languages").close();
  choose("language", language);
  speakLanguage();
  if (body.dataset.phase !== "visit") return;
  connect();
  if (!busy()) greet();
}

function setElder(on) {
  if (on !== visit.elder) choose("elder", on);
  $("elder").setAttribute("aria-pressed", String(on));
  $("elder").querySelector("span").textContent = on ? t.elderOff : t.elder;
}

function setMute(muted) {
  player.mute(muted);
  $("mute").setAttribute("aria-pressed", String(muted));
  $("mute").querySelector("span").textContent = muted ? t.unmute : t.mute;
}

function volume(by) {
  if (player.muted && by > 0) setMute(false);
  const changed = player.louder(by);
  const { step, of } = player.volume;
  toast(changed ? t.volume(step + 1, of) : by > 0 ? t.louderMost : t.softest);
}

let toastTimer;

function toast(sentence) {
  $("toast").textContent = sentence;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => ($("toast").textContent = ""), 4000);
}

function openChecklist(item, choices) {
  const draw = (one, given) => showChecklist($("checklist"), { item: one, choices: given }, t, hall, { back, go: openChecklist, replace: draw });
  const back = () => views.show($("turn").hasChildNodes() ? "turn" : "home");
  $("checklist").replaceChildren();
  views.show("checklist");
  draw(item, choices);
}

// ---- touch

function listenToTouch() {
  $("start").addEventListener("click", () => begin());
  $("content").addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    if ("home" in button.dataset) views.show("home");
    else if (button.dataset.ask) ask(button.textContent.trim());
    else if (button.dataset.opens) views.show(button.dataset.opens);
  });
  for (const button of document.querySelectorAll("[data-language-choice]")) {
    const language = button.dataset.languageChoice;
    button.addEventListener("click", () => (body.dataset.phase === "visit" ? setLanguage(language) : begin(language)));
  }
  const pressed = {
    "go-home": () => views.show("home"),
    elder: () => {
      setElder(!visit.elder);
      if (body.dataset.phase === "visit") connect();
    },
    leave: goodbye,
    mute: () => setMute(!player.muted),
    louder: () => volume(1),
    softer: () => volume(-1),
    language: () => $("languages").showModal(),
    type: () => $("typing").showModal(),
    stay,
    go: goodbye,
  };
  for (const [id, does] of Object.entries(pressed)) $(id).addEventListener("click", does);
  $("ask").addEventListener("submit", submit);
  $("question").addEventListener("keydown", (event) => {
    // 229: the Enter that ends a composition
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) submit(event);
  });
  for (const name of ["pointerdown", "keydown", "input", "wheel"]) addEventListener(name, () => idle.warning || here(), { capture: true, passive: true });
  for (const name of ["online", "offline"]) addEventListener(name, drawConnection);
  addEventListener("online", wipePending);
  $("still").addEventListener("cancel", stay);
  $("still").addEventListener("click", ({ target }) => target === $("still") && stay());
  for (const sheet of document.querySelectorAll("dialog.sheet")) closeOnBackdrop(sheet);
  for (const button of document.querySelectorAll("[data-close]")) {
    button.addEventListener("click", () => button.closest("dialog").close());
  }
}

function submit(event) {
  event.preventDefault();
  const question = $("question").value.trim();
  if (!question) return;
  $("question").value = "";
  $("typing").close();
  ask(question);
}

$("label").dataset.zh = $("label").textContent;
listenToTouch();
speakLanguage();
attract();
conversation.wipe();
connect();
document.documentElement.dataset.ready = "";
