// Asks the server, and reads its server-sent events.

const PATIENCE_MS = 30000;

export class AskFailed extends Error {
  constructor(kind, message = null, requestId = null) {
    super(message ?? kind);
    this.kind = kind; // offline, timeout, broken, server
    this.sentence = message;
    this.requestId = requestId;
  }
}

// Calls `heard(event, data)` for every event; returns the answer.
export async function askServer(body, heard) {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), PATIENCE_MS);
  try {
    const response = await fetch("/v1/ask/stream", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
      body: JSON.stringify(body),
      cache: "no-store",
      signal: giveUp.signal,
    });
    if (!response.ok) throw await failure(response);
    let answer = null;
    for await (const { event, data } of events(response.body)) {
      if (event === "answer") answer = data;
      else heard(event, data);
    }
    if (!answer) throw new AskFailed("broken");
    return answer;
  } catch (error) {
    if (error instanceof AskFailed) throw error;
    throw new AskFailed(giveUp.signal.aborted ? "timeout" : "offline");
  } finally {
    clearTimeout(timer);
  }
}

export async function getJson(url) {
  let response;
  try {
    response = await fetch(url, { headers: { Accept: "application/json" } });
  } catch {
    throw new AskFailed("offline");
  }
  if (!response.ok) throw await failure(response);
  return response.json();
}

async function failure(response) {
  try {
    const { message, request_id } = await response.json();
    return new AskFailed("server", message ?? null, request_id ?? null);
  } catch {
    return new AskFailed("server");
  }
}

async function* events(stream) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let waiting = "";
  for (;;) {
    const { done, value } = await reader.read();
    waiting += done ? decoder.decode() : decoder.decode(value, { stream: true });
    const blocks = waiting.split(/\r?\n\r?\n/);
    waiting = done ? "" : blocks.pop();
    for (const block of blocks) {
      const read = parse(block);
      if (read) yield read;
    }
    if (done) return;
  }
}

function parse(block) {
  let event = "message";
  const data = [];
  for (const line of block.split(/\r?\n/)) {
    if (line.startsWith("event:")) event = line.slice(6).trim();
    else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
  }
  return data.length ? { event, data: JSON.parse(data.join("\n")) } : null;
}
