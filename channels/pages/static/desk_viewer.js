// The pages of a case: thumbnails, one page large, boxes where findings and fields stand. Quads are in page pixels.

import { pageAddress } from "./desk_api.js";
import { allFindings, desk, look } from "./desk_state.js";
import { t } from "./desk_words.js";
import { el } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const [STEP, MARGIN, MOST, PAN] = [1.25, 12, 8, 60];

const view = { caseId: null, page: null, turned: 0, scale: 1, x: 0, y: 0, pages: [], hot: null, extra: [] };
let parts = null;

export function viewerNode() {
  const button = (label, text, act, key) =>
    el("button", { type: "button", "aria-label": label, title: `${label}${key ? `（${key}）` : ""}`, onclick: act }, text);
  const title = el("p", { class: "page-title", "aria-live": "polite" });
  const stage = el("div", { class: "stage", tabindex: "0", role: "group", "aria-label": t.viewer });
  const thumbs = el("ol", { class: "thumbs", "aria-label": t.pages });
  const image = el("img", { alt: "", draggable: "false" });
  const missing = el("p", { class: "missing", hidden: true }, t.noPicture);
  const boxes = svg("svg", { class: "boxes" });
  const sheet = el("div", { class: "sheet" }, image);
  sheet.append(boxes);
  stage.append(sheet, missing);
  const tools = el("div", { class: "tools" },
    button(t.previousPage, "‹", () => stepPage(-1), "["), button(t.nextPage, "›", () => stepPage(1), "]"), title,
    button(t.zoomOut, "−", () => zoom(1 / STEP), "-"), button(t.zoomIn, "+", () => zoom(STEP), "+"),
    button(t.fit, t.fit, fit, "0"), button(t.fitWidth, t.fitWidth, fitWidth), button(t.turn, "⟳", turn, "r"));
  parts = { title, stage, thumbs, image, missing, boxes, sheet };
  image.addEventListener("error", () => (missing.hidden = false));
  image.addEventListener("load", () => (missing.hidden = true));
  stage.addEventListener("wheel", onWheel, { passive: false });
  stage.addEventListener("pointerdown", drag);
  stage.addEventListener("keydown", onKey);
  stage.addEventListener("dblclick", (event) => zoom(STEP * STEP, event));
  new ResizeObserver(() => view.fitted && view.page && view.fitted()).observe(stage);
  return el("div", { class: "viewer" }, tools, el("div", { class: "viewer-body" }, thumbs, stage));
}

// The pages may have changed; what is looked at stays where it is.
export function drawViewer() {
  const one = desk.case;
  view.pages = one.files.flatMap((file) => file.pages.map((page) => ({ ...page, file: file.id, name: file.name, count: file.pages.length })));
  if (view.caseId !== one.id) Object.assign(view, { caseId: one.id, page: null, hot: null, extra: [] });
  parts.thumbs.replaceChildren(...view.pages.map(thumb));
  const again = view.pages.find((page) => same(page, view.page)) ?? view.pages[0] ?? null;
  parts.sheet.hidden = !again;
  if (!again) {
    parts.title.textContent = t.noPages;
    view.page = null;
  } else if (same(again, view.page)) drawBoxes();
  else showPage(again);
}

export const same = (one, other) => one && other && one.file === other.file && one.page === other.page && one.part === other.part;

function thumb(page) {
  const label = nameOf(page);
  const marks = allFindings().filter((one) => one.evidence.some((place) => same(place, page))).length;
  return el("li", {}, el("button", { type: "button", title: label, "aria-label": label, onclick: () => showPage(page) },
    el("img", { src: pageAddress(desk.case.id, page), alt: "", loading: "lazy", draggable: "false" }),
    marks > 0 && el("span", { class: "marks", title: t.boxesOnPage(marks) }, String(marks))));
}

const nameOf = (page) => t.pageOf(page.name, page.page, page.count) + (page.part ? t.part(page.part) : "");

export function showPage(page) {
  view.page = page;
  view.turned = 0;
  view.extra = [];
  parts.image.src = pageAddress(desk.case.id, page);
  parts.image.alt = nameOf(page);
  parts.sheet.style.width = `${page.width}px`;
  parts.sheet.style.height = `${page.height}px`;
  parts.title.textContent = nameOf(page);
  parts.boxes.setAttribute("viewBox", `0 0 ${page.width} ${page.height}`);
  for (const [at, node] of [...parts.thumbs.children].entries()) {
    const button = node.firstChild;
    if (same(view.pages[at], page)) {
      button.setAttribute("aria-current", "true");
      button.scrollIntoView({ block: "nearest" });
    } else button.removeAttribute("aria-current");
  }
  fit();
  drawBoxes();
}

export function stepPage(by) {
  const at = view.pages.findIndex((page) => same(page, view.page));
  const next = view.pages[at + by];
  if (next) showPage(next);
}

// Brings a place into sight: its page, and its box large enough to read. `close` is false for a passing glance.
export function showPlace(place, { close = true } = {}) {
  const page = view.pages.find((one) => same(one, place));
  if (!page) return;
  if (!same(page, view.page)) showPage(page);
  if (place.quad && close) closeUp([place.quad]);
}

// A place that is no finding's: of a field, while it is looked at.
export function showField(place) {
  showPlace(place);
  view.extra = place.quad ? [place.quad] : [];
  drawBoxes();
}

// Highlights a finding without choosing it.
export function glance(finding) {
  view.hot = finding?.key ?? null;
  const place = finding?.evidence[0];
  if (place && !finding.evidence.some((one) => same(one, view.page))) showPlace(place, { close: false });
  drawBoxes();
}

function drawBoxes() {
  if (!view.page) return;
  const quads = allFindings().flatMap((finding) =>
    finding.evidence.filter((one) => one.quad && same(one, view.page)).map((one) => [finding, one.quad]));
  const nodes = quads.map(([finding, quad]) => {
    const chosen = finding.key === desk.finding || finding.key === view.hot;
    const kind = finding.status === "undetermined" ? "doubt" : finding.severity;
    const node = polygon(quad, `box ${kind}${chosen ? " chosen" : ""}`);
    node.append(svg("title", {}, finding.title));
    node.addEventListener("click", () => look(finding.key));
    return [chosen, node];
  });
  nodes.sort(([one], [other]) => one - other);
  parts.boxes.replaceChildren(...nodes.map(([, node]) => node), ...view.extra.map((quad) => polygon(quad, "box field chosen")));
}

// A piece of a page around a quad, for comparing two places side by side.
export function snippet(place) {
  if (!place.quad || !place.width) return null;
  const [left, top, right, bottom] = bounds([place.quad]);
  const air = Math.max((bottom - top) * 0.8, 12);
  const corner = [Math.max(left - air, 0), Math.max(top - air, 0)];
  const size = [Math.min(right + air, place.width) - corner[0], Math.min(bottom + air, place.height) - corner[1]];
  const node = svg("svg", { class: "snippet", viewBox: [...corner, ...size].join(" "), preserveAspectRatio: "xMinYMid meet", "aria-hidden": "true" });
  node.append(
    svg("image", { href: pageAddress(desk.case.id, place), width: place.width, height: place.height }),
    polygon(place.quad, "box chosen"));
  return node;
}

function svg(name, attributes, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

const polygon = (quad, kind) => svg("polygon", { class: kind, points: quad.map((point) => point.join()).join(" ") });

function bounds(quads) {
  const [xs, ys] = [0, 1].map((axis) => quads.flat().map((point) => point[axis]));
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

// ---- moving about

const room = () => [parts.stage.clientWidth, parts.stage.clientHeight];
const lying = () => view.turned % 180 !== 0;
const size = () => (lying() ? [view.page.height, view.page.width] : [view.page.width, view.page.height]);

function place() {
  const { width, height } = view.page;
  const shift = { 0: [0, 0], 90: [height, 0], 180: [width, height], 270: [0, width] }[view.turned];
  const [wide, high] = room();
  const [w, h] = size().map((length) => length * view.scale);
  view.x = w < wide ? (wide - w) / 2 : Math.min(MARGIN, Math.max(view.x, wide - w - MARGIN));
  view.y = h < high ? (high - h) / 2 : Math.min(MARGIN, Math.max(view.y, high - h - MARGIN));
  parts.sheet.style.transform =
    `translate(${view.x}px, ${view.y}px) scale(${view.scale}) translate(${shift[0]}px, ${shift[1]}px) rotate(${view.turned}deg)`;
}

const least = () => Math.min(...room().map((length, axis) => (length - 2 * MARGIN) / size()[axis]));

export function fit() {
  if (!view.page) return;
  view.scale = Math.max(least(), 0.01);
  view.fitted = fit;
  place();
}

export function fitWidth() {
  if (!view.page) return;
  view.scale = Math.max((room()[0] - 2 * MARGIN) / size()[0], 0.01);
  [view.x, view.y] = [MARGIN, MARGIN];
  view.fitted = fitWidth;
  place();
}

export function zoom(by, at = null) {
  if (!view.page) return;
  const [wide, high] = room();
  const frame = parts.stage.getBoundingClientRect();
  const [x, y] = at ? [at.clientX - frame.left, at.clientY - frame.top] : [wide / 2, high / 2];
  const scale = Math.min(Math.max(view.scale * by, least() / 2), MOST);
  view.x = x - ((x - view.x) * scale) / view.scale;
  view.y = y - ((y - view.y) * scale) / view.scale;
  view.scale = scale;
  view.fitted = null;
  place();
}

export function turn() {
  if (!view.page) return;
  view.turned = (view.turned + 90) % 360;
  fit();
}

// A box takes at most four fifths of the stage, and is at most three times as large as on the whole page.
function closeUp(quads) {
  const [wide, high] = room();
  const [left, top, right, bottom] = bounds(quads);
  view.turned = 0;
  const fits = Math.min((wide * 0.8) / (right - left || 1), (high * 0.5) / (bottom - top || 1));
  view.scale = Math.max(Math.min(fits, least() * 3, MOST), least());
  view.x = wide / 2 - ((left + right) / 2) * view.scale;
  view.y = high / 2 - ((top + bottom) / 2) * view.scale;
  view.fitted = null;
  place();
}

function onWheel(event) {
  if (!view.page) return;
  event.preventDefault();
  if (event.ctrlKey || event.metaKey) zoom(event.deltaY < 0 ? 1.1 : 1 / 1.1, event);
  else move(-event.deltaX, -event.deltaY);
}

function move(x, y) {
  view.x += x;
  view.y += y;
  view.fitted = null;
  place();
}

function drag(event) {
  if (event.button !== 0 || !view.page) return;
  let [x, y] = [event.clientX, event.clientY];
  const on = (moved) => {
    move(moved.clientX - x, moved.clientY - y);
    [x, y] = [moved.clientX, moved.clientY];
  };
  const off = () => {
    removeEventListener("pointermove", on);
    parts.stage.classList.remove("held");
  };
  parts.stage.classList.add("held");
  addEventListener("pointermove", on);
  addEventListener("pointerup", off, { once: true });
  addEventListener("pointercancel", off, { once: true });
}

function onKey(event) {
  const way = { ArrowLeft: [PAN, 0], ArrowRight: [-PAN, 0], ArrowUp: [0, PAN], ArrowDown: [0, -PAN] }[event.key];
  if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  move(...way);
}
