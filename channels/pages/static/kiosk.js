// The kiosk's page: wires its parts together.

import { forgetTicks, showChecklist } from "./checklist.js";
import { wipePending } from "./conversation.js";
import { Captions } from "./kiosk_captions.js";
import { Conversation } from "./kiosk_conversation.js";
import { Face } from "./kiosk_face.js";
import { Idle } from "./kiosk_idle.js";
import { masked } from "./kiosk_mask.js";
import { choose, context, newVisit, profile, terminal, visit } from "./kiosk_settings.js";
import { press, showConnection, showLabel, showLanguage, showState, toast } from "./kiosk_show.js";
import { Talk } from "./kiosk_talk.js";
import { listenToTouch } from "./kiosk_touch.js";
import { TurnView } from "./kiosk_turn.js";
import { Views } from "./kiosk_views.js";
import { kioskWords } from "./kiosk_words.js";
import { Player } from "./player.js";
import { VoiceClient } from "./voice_client.js";

const $ = (id) => document.getElementById(id);
const body = document.body;
const SOUND_IS_LATE_MS = 1500;
const hall = { name: body.dataset.hall, hotline: body.dataset.hotline };

newVisit();
let t = kioskWords(language());
let hearing = false;
let answering = null;
let heardNow = null; // what was heard, until it is known whether it is a question
let unsent = false; // touched since the server last knew that somebody is there
let greeting = false; // as soon as there is a voice to say hello with
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
  does: { interrupt, changed: drawState, trouble: (reason) => captions.show(t.microphone[reason]), pressed: here, phase },
});
const idle = new Idle({ after: terminal.idle, countdown: terminal.countdown }, { busy, warn, calm, end: goodbye });

// ---- what the server tells

const TOLD = {
  ready: ({ label }) => showLabel(language(), t, label || null),
  listening: () => {
    soon = false;
    heardNow = null;
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
  thinking: openHeard,
  answer: (answer) => {
    openHeard();
    here();
    awaitSound(conversation.waiting ? answer.speech : "");
    conversation.answered(answer);
  },
  expression: ({ name }) => {
    if (body.dataset.phase !== "visit") return;
    if (name === "think") openHeard();
    face.express(name);
  },
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
    else if (unsent || busy()) connect();
    else idle.warn();
  },
  volume: ({ step }) => volume(step),
  failed: ({ code, message }) => {
    if (t.connection[code]) return;
    soon = false;
    if (!conversation.failed({ message }) && body.dataset.phase === "visit") captions.show(message);
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
    heardNow = event;
  } else if (!player.speaking && !conversation.waiting) {
    captions.show(t.unheard[event.reason] ?? "");
  }
}

// Where her voice is slow to come, what she will say stands there to be read.
function awaitSound(speech) {
  soon = Boolean(speech);
  if (!soon) return;
  setTimeout(() => {
    if (!soon) return;
    soon = false;
    captions.show(speech.match(/^.+?[。！？.!?]/s)?.[0] ?? speech);
    drawState();
  }, SOUND_IS_LATE_MS);
}

// A word like “stop” is heard, but no question: then the answer before it stays.
function openHeard() {
  if (heardNow) conversation.heard(heardNow);
  heardNow = null;
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
    if (greeting && body.dataset.phase === "visit" && !conversation.waiting) voice.greet();
    greeting = false;
  } else {
    quiet();
    talk.rest();
    conversation.lost();
  }
  showConnection(state, t);
  drawState();
}

// ---- asking

function ask(question) {
  here();
  unsent = false;
  conversation.ask(question);
  captions.show(t.working);
}

function connect() {
  unsent = false;
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

function begin(chosen) {
  if (body.dataset.phase === "visit") return;
  if (chosen) setLanguage(chosen);
  body.dataset.phase = "visit";
  for (const part of [$("content"), document.querySelector(".k-dock")]) part.inert = false;
  player.wake();
  face.express("greet");
  captions.show(t.greetingKiosk);
  views.show("home");
  connect();
  greeting = language() === "zh" && !voice.greet();
  talk.listen();
  idle.touched();
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
  player.reset();
  speakLanguage();
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
  connect(); // the server counts too
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
  showState(
    {
      state,
      words: state === "paused" && profile() === "crowd" ? t.talk.hold : null,
      mode: mode === "ready" && hearing ? "hearing" : mode,
      enabled: voice.open && mode !== "opening",
    },
    t,
  );
}

function language() {
  return visit.language ?? "zh";
}

function speakLanguage() {
  t = kioskWords(language());
  showLanguage(language(), t);
  setElder(visit.elder);
  setMute(player.muted);
  showConnection(voice.state, t);
  drawState();
}

function setLanguage(chosen) {
  $("languages").close();
  choose("language", chosen);
  speakLanguage();
  if (body.dataset.phase !== "visit") return;
  connect();
  if (!busy()) captions.show(t.greetingKiosk);
}

function setElder(on) {
  if (on !== visit.elder) choose("elder", on);
  press("elder", on, on ? t.elderOff : t.elder);
}

function setMute(muted) {
  player.mute(muted);
  press("mute", muted, muted ? t.unmute : t.mute);
}

function volume(by) {
  if (player.muted && by > 0) setMute(false);
  const changed = player.louder(by);
  const { step, of } = player.volume;
  toast(changed ? t.volume(step + 1, of) : by > 0 ? t.louderMost : t.softest);
}

function openChecklist(item, choices) {
  const draw = (one, given) => showChecklist($("checklist"), { item: one, choices: given }, t, hall, { back, go: openChecklist, replace: draw });
  const back = () => views.show($("turn").hasChildNodes() ? "turn" : "home");
  $("checklist").replaceChildren();
  views.show("checklist");
  draw(item, choices);
}

// ---- touch

const PRESSED = {
  start: () => begin(),
  "go-home": () => views.show("home"),
  elder() {
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

listenToTouch({
  pressed: PRESSED,
  ask,
  show: (view) => views.show(view),
  speak: (chosen) => (body.dataset.phase === "visit" ? setLanguage(chosen) : begin(chosen)),
  touched() {
    unsent = true;
    if (!idle.warning) here();
  },
});
for (const name of ["online", "offline"]) addEventListener(name, () => showConnection(voice.state, t));
addEventListener("online", wipePending);
attract();
conversation.wipe();
connect();
document.documentElement.dataset.ready = "";
