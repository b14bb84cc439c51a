// One conversation: its id, what was said (for this tab only), and its wiping here and on the server.

import { forThisTab, readJson } from "./storage.js";

const ID = "xiaoxin.conversation";
const SAID = "xiaoxin.said";
const TO_WIPE = "xiaoxin.to-wipe";
const REMEMBERED = 30;

export function conversationId() {
  let id = forThisTab.get(ID);
  if (!id) {
    // randomUUID is missing where a hall serves its page over plain HTTP
    id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    forThisTab.set(ID, id);
  }
  return id;
}

export function said() {
  return readJson(forThisTab, SAID, []);
}

export function remember(question, answer) {
  const { steps: _steps, ...shown } = answer;
  forThisTab.set(SAID, JSON.stringify([...said(), { question, answer: shown }].slice(-REMEMBERED)));
}

// Forgets here at once; the server is told when the answer in flight has ended, so that it cannot be saved after.
export async function startAnew(inFlight) {
  const id = forThisTab.get(ID);
  forThisTab.remove(ID);
  forThisTab.remove(SAID);
  if (id) forThisTab.set(TO_WIPE, JSON.stringify([...readJson(forThisTab, TO_WIPE, []), id]));
  await inFlight?.catch(() => {});
  return wipePending();
}

// True when the server keeps nothing that this tab wanted wiped.
export async function wipePending() {
  for (const id of readJson(forThisTab, TO_WIPE, [])) {
    try {
      const response = await fetch(`/v1/conversations/${encodeURIComponent(id)}`, { method: "DELETE", keepalive: true });
      if (!response.ok) return false;
    } catch {
      return false;
    }
    const left = readJson(forThisTab, TO_WIPE, []).filter((other) => other !== id);
    forThisTab.set(TO_WIPE, JSON.stringify(left));
  }
  return true;
}
