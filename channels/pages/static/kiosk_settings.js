// How this terminal is set up, and what its visitor chose for the visit.
// The terminal's own settings come with its address once (?terminal=hall-3&profile=crowd) and are remembered; a visitor's choices end with the visit.

import { forever, readJson } from "./storage.js";
import { LANGUAGES } from "./words.js";

const KEPT = "xiaoxin.kiosk";
const CHOICES = {
  profile: ["standard", "elder", "crowd"],
  duplex: ["full", "half"],
  lang: LANGUAGES,
};
const NAME = /^[A-Za-z0-9_.-]{1,64}$/;
const SECONDS = /^\d{1,4}(?:\.\d)?$/;
const USUAL = { terminal: "kiosk", profile: "standard", duplex: "full", lang: null, region: null, idle: 45, countdown: 15 };

function given() {
  const asked = new URLSearchParams(location.search);
  const found = {};
  for (const [name, allowed] of Object.entries(CHOICES)) if (allowed.includes(asked.get(name))) found[name] = asked.get(name);
  for (const name of ["idle", "countdown"]) if (SECONDS.test(asked.get(name) ?? "")) found[name] = Number(asked.get(name));
  if (NAME.test(asked.get("terminal") ?? "")) found.terminal = asked.get("terminal");
  if (asked.has("region")) found.region = asked.get("region").slice(0, 64) || null;
  return found;
}

function readTerminal() {
  const own = { ...readJson(forever, KEPT, {}), ...given() };
  forever.set(KEPT, JSON.stringify(own));
  return Object.freeze({ ...USUAL, ...own });
}

export const terminal = readTerminal();
export const visit = {};

export function newVisit() {
  Object.assign(visit, { elder: terminal.profile === "elder", language: terminal.lang });
  apply();
}

export function choose(name, value) {
  visit[name] = value;
  apply();
}

// In a crowd the button begins and ends a question, in large print too.
export function profile() {
  if (terminal.profile === "crowd") return "crowd";
  return visit.elder ? "elder" : "standard";
}

// What the socket and the requests of this visit carry.
export function context() {
  const { terminal: name, region } = terminal;
  const { language } = visit;
  return { terminal: name, profile: profile(), ...(region ? { region } : {}), ...(language ? { language } : {}) };
}

function apply() {
  const root = document.documentElement;
  const language = visit.language ?? "zh";
  root.dataset.profile = visit.elder ? "elder" : profile();
  root.dataset.language = language;
  root.lang = language === "zh" ? "zh-CN" : language;
}
