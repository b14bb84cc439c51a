// Font size, contrast and language: chosen once, remembered on this device.

import { forever } from "./storage.js";
import { LANGUAGES } from "./words.js";

const SIZES = ["standard", "large", "xlarge"];
const CONTRASTS = ["standard", "high"];
const PROFILES = ["standard", "elder", "crowd"];
const asked = new URLSearchParams(location.search);

function oneOf(allowed, value) {
  return allowed.includes(value) ? value : null;
}

export const profile = oneOf(PROFILES, asked.get("profile")) ?? "standard";
export const region = asked.get("region");
export const terminal = /^[A-Za-z0-9_.-]{1,64}$/.test(asked.get("terminal") ?? "")
  ? asked.get("terminal")
  : profile === "standard"
    ? "mobile"
    : "kiosk";

export const settings = {
  size: oneOf(SIZES, forever.get("xiaoxin.size")) ?? "standard",
  contrast: oneOf(CONTRASTS, forever.get("xiaoxin.contrast")) ?? "standard",
  // null until somebody chooses: then the server goes by the language of the question
  language: oneOf(LANGUAGES, asked.get("lang")) ?? oneOf(LANGUAGES, forever.get("xiaoxin.language")),
};

export function choose(name, value) {
  settings[name] = value;
  forever.set(`xiaoxin.${name}`, value);
  apply();
}

export function apply() {
  const root = document.documentElement;
  root.dataset.size = settings.size;
  root.dataset.contrast = settings.contrast;
  root.dataset.profile = profile;
  const language = settings.language ?? "zh";
  root.dataset.language = language;
  root.lang = language === "zh" ? "zh-CN" : language;
}
