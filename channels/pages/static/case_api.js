// Asks the server about one case. Every failure has a kind, and where the server said one, a sentence.

const PATIENCE_MS = 30000;

export class CaseFailed extends Error {
  // kinds: offline, timeout, server, refused, gone
  constructor(kind, { message = null, code = null, requestId = null, present = null } = {}) {
    super(message ?? kind);
    this.kind = kind;
    this.sentence = message;
    this.code = code;
    this.requestId = requestId;
    this.present = present; // the case as it stands now, where somebody else was faster
  }
}

function failure(status, text) {
  let body = {};
  try {
    body = JSON.parse(text);
  } catch {
    // a proxy's page and no answer of ours
  }
  const kind = status === 404 && body.code === "no_case" ? "gone" : status >= 500 ? "server" : "refused";
  return new CaseFailed(kind, { message: body.message, code: body.code, requestId: body.request_id, present: body.case });
}

async function call(method, url, key, body) {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), PATIENCE_MS);
  const headers = { Accept: "application/json" };
  if (key) headers.Authorization = `Bearer ${key}`;
  if (body) headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(url, { method, headers, body: body && JSON.stringify(body), cache: "no-store", signal: giveUp.signal });
    const text = await response.text();
    if (!response.ok) throw failure(response.status, text);
    return text;
  } catch (error) {
    if (error instanceof CaseFailed) throw error;
    throw new CaseFailed(giveUp.signal.aborted ? "timeout" : "offline");
  } finally {
    clearTimeout(timer);
  }
}

async function json(...request) {
  return JSON.parse(await call(...request));
}

export function item(id) {
  return json("GET", `/v1/items/${encodeURIComponent(id)}`);
}

export function checklist(id, choices) {
  const query = new URLSearchParams(choices).toString();
  return json("GET", `/v1/items/${encodeURIComponent(id)}/checklist${query ? `?${query}` : ""}`);
}

// {id, key, link, case}
export function begin(form) {
  return json("POST", "/v1/cases", null, form);
}

export class CaseAtServer {
  constructor({ id, key }) {
    this.id = id;
    this.key = key;
    this.base = `/v1/cases/${encodeURIComponent(id)}`;
  }

  see() {
    return json("GET", this.base, this.key);
  }

  // Somebody else of the same case was faster (the phone beside the kiosk): once more, on top of that.
  async change(method, path, values) {
    let { version } = await this.see();
    for (let tries = 0; ; tries++) {
      try {
        return await json(method, this.base + path, this.key, { version, ...values });
      } catch (error) {
        if (error.code !== "stale_version" || tries) throw error;
        ({ version } = error.present ?? (await this.see()));
      }
    }
  }

  fillIn(form) {
    return this.change("PATCH", "", form);
  }

  submit() {
    return this.change("POST", "/submit", {});
  }

  withdraw() {
    return this.change("POST", "/withdraw", {});
  }

  remove(file) {
    return json("DELETE", `${this.base}/materials/${file}`, this.key);
  }

  linkCode() {
    return call("POST", `${this.base}/link.svg`, this.key);
  }

  leave() {
    return call("POST", `${this.base}/leave`, this.key);
  }

  picture({ file, page, part }) {
    return `${this.base}/pages/${file}/${page}/${part}.jpg`;
  }

  notice(id, suffix) {
    return `${this.base}/notices/${id}.${suffix}`;
  }

  // XMLHttpRequest, because fetch does not tell how much has gone out. `sent` is called with a share from 0 to 1.
  send(file, name, slot, sent) {
    return new Promise((done, failed) => {
      const request = new XMLHttpRequest();
      request.open("POST", `${this.base}/materials`);
      request.setRequestHeader("Authorization", `Bearer ${this.key}`);
      request.upload.onprogress = ({ loaded, total }) => sent(total ? loaded / total : 0);
      request.onerror = () => failed(new CaseFailed("offline"));
      request.onload = () => {
        if (request.status === 201) done(JSON.parse(request.responseText));
        else failed(failure(request.status, request.responseText));
      };
      const form = new FormData();
      form.append("file", file, name);
      if (slot) form.append("slot", slot);
      request.send(form);
    });
  }
}
