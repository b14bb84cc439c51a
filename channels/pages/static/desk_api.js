// Everything that the desk asks of the server. Who is signed in lives in a cookie that no script reads.

const ROOT = "/v1/desk";
let csrf = "";
let leaving = Promise.resolve();
let whenSignedOut = () => new Promise(() => {});

// A refusal: `code`, `message` and the whole `body` as the server said them; `status` 0 where there was no answer.
export class Refused extends Error {
  constructor(status, code, message, id, body = {}) {
    super(message);
    Object.assign(this, { status, code, id, body });
  }
}

export const unanswered = (failure) => failure instanceof Refused && failure.status === 0;

// `ask` is told once per lost session, and answers when somebody is signed in again.
export function onSignedOut(ask) {
  whenSignedOut = ask;
}

export const get = (path, options) => send("GET", path, undefined, options);
export const post = (path, body = {}, options) => send("POST", path, body, options);
export const patch = (path, body) => send("PATCH", path, body);
export const remove = (path) => send("DELETE", path);

export async function session() {
  return keep(await once("GET", "/session"));
}

// A sign-out that is still on its way would end the session that begins here.
export async function signIn(login, password) {
  await leaving;
  return keep(await once("POST", "/session", { login, password }));
}

export function signOut(everywhere = false) {
  const left = once("DELETE", `/session${everywhere ? "?everywhere=true" : ""}`);
  leaving = left.then(() => (csrf = ""), () => null);
  return left;
}

// The password changes the session, and so its token.
export async function changePassword(old, fresh) {
  return keep(await send("POST", "/password", { old, new: fresh }));
}

export const setUp = (body) => once("POST", "/setup", body);

export const pageAddress = (id, { file, page, part }) => `${ROOT}/cases/${id}/pages/${file}/${page}/${part}.jpg`;
export const noticeAddress = (id, notice, suffix) => `${ROOT}/cases/${id}/notices/${notice}.${suffix}`;
export const draftAddress = (id, kind) => `${ROOT}/cases/${id}/notices/draft?kind=${kind}`;
export const rulesAddress = (path, suffix) => `${ROOT}/rulesets/${path}.${suffix}`;
export const casePath = (id, rest = "") => `/cases/${encodeURIComponent(id)}${rest}`;

async function send(method, path, body, { signal, quiet = false } = {}) {
  try {
    return await once(method, path, body, signal);
  } catch (failure) {
    if (failure.code === "bad_csrf") {
      await session();
      return once(method, path, body, signal);
    }
    if (failure.status !== 401 || quiet) throw failure;
    await whenSignedOut();
    return once(method, path, body, signal);
  }
}

async function once(method, path, body, signal) {
  const headers = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  const isForm = body instanceof FormData; // the browser names its type, with where its parts begin
  if (body !== undefined && !isForm) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(ROOT + path, {
      method, headers, signal, cache: "no-store", body: body === undefined || isForm ? body : JSON.stringify(body),
    });
  } catch (failure) {
    if (failure.name === "AbortError") throw failure;
    throw new Refused(0, "offline", "");
  }
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  const told = await answer.json().catch(() => ({}));
  throw new Refused(answer.status, told.code ?? "internal", told.message ?? "", told.request_id, told);
}

function keep(found) {
  csrf = found.csrf;
  return found;
}
