// Files on their way: one after the other, again after a cut, by hand where the server refused. Nothing chosen gets lost.

import { CaseFailed } from "./case_api.js";
import { prepare } from "./case_picture.js";

const AT_ONCE = 1; // pages keep the order in which they were chosen
const PAUSES_MS = [1500, 4000, 10000];

export class Uploads {
  // `does` = {changed(upload), sent(upload, answer), failed(upload)}; `limits` = {mostBytes}
  constructor(server, limits, does) {
    this.server = server;
    this.limits = limits;
    this.does = does;
    this.all = [];
    this.running = 0;
    addEventListener("online", () => this.#wake());
  }

  // Those that are not at the server and may still get there.
  get open() {
    return this.all.filter((one) => one.state !== "failed");
  }

  of(slot) {
    return this.all.filter((one) => one.slot === slot);
  }

  // `replaces` is the id of a file that goes once the new one is there.
  add(files, slot, replaces = null) {
    const added = [...files].map((file) => ({ file, slot, replaces, name: file.name || "photo.jpg", state: "queued", share: 0, tries: 0, thumb: null, failure: null }));
    this.all.push(...added);
    this.#next();
    return added;
  }

  retry(upload) {
    Object.assign(upload, { state: "queued", share: 0, tries: 0, failure: null });
    this.does.changed(upload);
    this.#next();
  }

  drop(upload) {
    this.all = this.all.filter((one) => one !== upload);
  }

  stop() {
    this.all = [];
  }

  #next() {
    for (const upload of this.all.filter((one) => one.state === "queued")) {
      if (this.running >= AT_ONCE) return;
      this.running += 1;
      this.#send(upload).finally(() => {
        this.running -= 1;
        this.#next();
      });
    }
  }

  async #send(upload) {
    try {
      await this.#ready(upload);
      this.#set(upload, { state: "sending", share: 0 });
      const answer = await this.server.send(upload.blob, upload.sendName, upload.slot, (share) => this.#set(upload, { share }));
      if (!this.all.includes(upload)) return;
      this.drop(upload);
      await this.does.sent(upload, answer);
    } catch (failure) {
      if (this.all.includes(upload)) this.#failed(upload, failure);
    }
  }

  async #ready(upload) {
    if (upload.blob) return;
    this.#set(upload, { state: "shrinking" });
    const { blob, name, thumb } = await prepare(upload.file);
    Object.assign(upload, { blob, sendName: name || upload.name, thumb });
    if (!blob.size) throw new CaseFailed("refused", { code: "empty" });
    if (blob.size > this.limits.mostBytes) throw new CaseFailed("refused", { code: "too_large" });
  }

  #failed(upload, failure) {
    const again = failure.kind === "offline" || failure.kind === "server" || failure.code === "cut_upload";
    if (failure.kind === "offline" && !navigator.onLine) return this.#set(upload, { state: "waiting" });
    if (again && upload.tries < PAUSES_MS.length) {
      this.#set(upload, { state: "retrying" });
      setTimeout(() => upload.state === "retrying" && this.#requeue(upload), PAUSES_MS[upload.tries++]);
      return;
    }
    this.#set(upload, { state: "failed", failure });
    this.does.failed(upload);
  }

  #wake() {
    for (const upload of this.all.filter((one) => one.state === "waiting" || one.state === "retrying" || one.failure?.kind === "offline")) {
      Object.assign(upload, { tries: 0, failure: null });
      this.#requeue(upload);
    }
  }

  #requeue(upload) {
    this.#set(upload, { state: "queued", share: 0 });
    this.#next();
  }

  #set(upload, values) {
    Object.assign(upload, values);
    this.does.changed(upload);
  }
}
