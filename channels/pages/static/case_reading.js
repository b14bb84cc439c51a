// While the pre-review runs: how many files are read of how many, nothing invented.

import { el } from "./dom.js";

const SLOW_S = 90;

export function drawReading(app) {
  const { t, view } = app;
  const seconds = Math.round((Date.now() - app.since) / 1000);
  const { done, total } = view.progress ?? { done: 0, total: 0 };
  const said = !total ? t.inLine : done < total ? t.read(done, total) : t.judging(total);
  const before = app.main.querySelector(".c-read");
  if (before?.textContent !== said) app.announce(said);
  return el(
    "section",
    { class: "c-card c-reading", "aria-busy": "true" },
    el("p", { class: "c-item" }, view.item.name),
    el("h2", { tabindex: "-1" }, t.readingTitle),
    el("progress", total ? { max: total, value: done, "aria-label": said } : { "aria-label": said }),
    el("p", { class: "c-read" }, said),
    el("p", { class: "c-hint" }, t.asked(seconds)),
    el("ul", { class: "c-read-files" }, view.files.map((file) => el("li", { "data-read": file.pages.length || file.problem ? "" : null }, file.name))),
    el("p", { class: "c-hint" }, seconds > SLOW_S ? t.slow : t.readingNote),
  );
}
