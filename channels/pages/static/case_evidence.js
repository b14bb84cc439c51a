// The picture of where it stands: the page cut out around the place, with a frame; the whole page to look at closely.

import { el } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const ZOOMS = [100, 150, 200, 300, 400];

function svg(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// The part of the page to show: wide enough to know the place again, in the shape of a card.
function cut({ quad, width, height }) {
  if (!quad) return { x: 0, y: 0, width, height };
  const [xs, ys] = [quad.map(([x]) => x), quad.map(([, y]) => y)];
  const box = { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
  const wide = Math.min(width, Math.max((box.right - box.left) * 1.35, width * 0.55, (box.bottom - box.top) * 1.5));
  const high = Math.min(height, Math.max(wide * 0.42, (box.bottom - box.top) * 1.6));
  const within = (middle, size, most) => Math.max(0, Math.min(most - size, middle - size / 2));
  return { x: within((box.left + box.right) / 2, wide, width), y: within((box.top + box.bottom) / 2, high, height), width: wide, height: high };
}

function drawn(place, href, view, className) {
  const image = svg("image", { href, x: 0, y: 0, width: place.width, height: place.height });
  const parts = [image];
  if (place.quad) {
    const points = frame(place.quad, place.width).map((point) => point.join(",")).join(" ");
    parts.push(svg("polygon", { points, class: "c-halo" }), svg("polygon", { points, class: "c-box" }));
  }
  const picture = svg("svg", { viewBox: `${view.x} ${view.y} ${view.width} ${view.height}`, class: className, role: "img", "aria-hidden": "true" }, ...parts);
  return { picture, image };
}

// A little outside of the letters, which must stay readable.
function frame(quad, width) {
  const middle = [0, 1].map((axis) => quad.reduce((sum, point) => sum + point[axis], 0) / quad.length);
  const out = width * 0.006;
  return quad.map((point) => point.map((value, axis) => value + Math.sign(value - middle[axis]) * out));
}

// A button with the picture; null where the page was never read.
export function drawEvidence(app, place, name) {
  const { t } = app;
  if (!place.width || !place.height) return null;
  const href = app.server.picture(place);
  const { picture, image } = drawn(place, href, cut(place), place.quad ? "c-cut" : "c-cut c-small");
  const label = el("span", { class: "c-enlarge" }, t.enlarge);
  const button = el("button", { type: "button", class: "c-evidence", "data-key": `see-${place.file}-${place.page}-${place.part}-${place.quad?.[0] ?? ""}`, "aria-label": t.enlargeOf(name) }, picture, label);
  button.addEventListener("click", () => showWhole(app, place, href, name));
  image.addEventListener("error", () => again(app, image, href, label));
  return button;
}

// The browser's leave to show pictures runs out; whoever comes back later gets it renewed, once.
async function again(app, image, href, label) {
  if (!image.isConnected) return;
  if (image.dataset.again) {
    label.textContent = app.t.pictureGone;
    return;
  }
  image.dataset.again = "";
  await app.server.see().catch(() => null);
  image.setAttribute("href", `${href}?again`);
}

function showWhole(app, place, href, name) {
  const { t } = app;
  const sheet = document.getElementById("whole-page");
  const { picture } = drawn(place, href, { x: 0, y: 0, width: place.width, height: place.height }, "c-page");
  const room = el("div", { class: "c-room", tabindex: "0", "aria-label": name }, picture);
  const shown = el("output", { "aria-live": "polite" });
  let at = 0;
  const zoom = (by) => {
    at = Math.max(0, Math.min(ZOOMS.length - 1, at + by));
    picture.style.width = `${ZOOMS[at]}%`;
    shown.textContent = t.zoomed(ZOOMS[at]);
    toPlace(room, picture, place);
  };
  const button = (label, act) => el("button", { type: "button", onclick: act }, label);
  sheet.replaceChildren(
    el("header", {}, el("h2", { id: "whole-title" }, name), button(t.close, () => sheet.close())),
    room,
    el("footer", {}, button(t.zoomOut, () => zoom(-1)), shown, button(t.zoomIn, () => zoom(1))),
  );
  picture.addEventListener("dblclick", () => zoom(at + 1 < ZOOMS.length ? 1 : -at));
  sheet.showModal();
  zoom(place.quad ? 1 : 0);
}

// Keeps the frame in the middle of what is seen.
function toPlace(room, picture, { quad, width, height }) {
  const [x, y] = quad ? [0, 1].map((axis) => quad.reduce((sum, point) => sum + point[axis], 0) / quad.length) : [width / 2, height / 2];
  const { width: wide, height: high } = picture.getBoundingClientRect();
  room.scrollTo({ left: (x / width) * wide - room.clientWidth / 2, top: (y / height) * high - room.clientHeight / 2 });
}
