// The mouth: a pose for each viseme, a track that glides between them, and the drawing of a pose.

import { clamp, mix, path } from "./avatar_shape.js";

// wide: half of the width; open: between the lips; round: lips pushed forward; teeth, lower: how much of the upper and lower teeth
// shows; tongue: its height; corner: corners raised; tuck: lower lip under the upper teeth; press: lips held together.
// All in pixels of the drawing or shares of one. `hold` is how firmly a shape keeps its place between its neighbours.
const pose = (wide, open, round, teeth, lower, tongue, more = {}) => ({
  wide, open, round, teeth, lower, tongue, corner: 0, tuck: 0, press: 0, hold: 1, ...more,
});

export const VISEMES = {
  sil: pose(29, 0, 0, 0, 0, 0, { hold: 0.8 }),
  PP: pose(27, 0, 0.1, 0, 0, 0, { press: 1, hold: 4 }),
  FF: pose(28, 7, 0, 1, 0, 0, { tuck: 1, hold: 3 }),
  TH: pose(28, 7.5, 0, 0.9, 0, 1, { hold: 1.4 }),
  DD: pose(28.5, 6.5, 0, 0.9, 0.3, 0.75),
  kk: pose(28, 8.5, 0, 0.7, 0.1, 0.35),
  CH: pose(23, 7, 0.5, 1, 0.7, 0.1, { hold: 1.4 }),
  SS: pose(30, 6, 0, 1, 0.8, 0, { corner: 1, hold: 1.4 }),
  nn: pose(28, 6.5, 0, 0.8, 0.1, 0.8),
  RR: pose(24, 7, 0.4, 0.8, 0.1, 0.6),
  aa: pose(29, 23, 0, 0.8, 0.1, 0.2, { hold: 1.3 }),
  E: pose(31, 13, 0, 0.9, 0.1, 0.4),
  I: pose(32.5, 8.5, 0, 1, 0.2, 0.5, { corner: 2 }),
  O: pose(20, 17, 0.8, 0.3, 0, 0.15, { hold: 1.3 }),
  U: pose(14.5, 7.5, 1, 0, 0, 0.1, { hold: 1.5 }),
};

const REST = VISEMES.sil;
const FIELDS = Object.keys(REST).filter((field) => field !== "hold");
const REACH = 72; // ms that a shape spreads before and after its own time
const LEAD = 30; // ms that lips move ahead of the sound
const TAIL = 180; // ms that the last shape stays where no silence follows
const HEARD_FOR = 160; // ms that one loudness is good for

// Area under a raised cosine of half width one, left of `x`.
const under = (x) => (x <= -1 ? 0 : x >= 1 ? 1 : (1 + x + Math.sin(Math.PI * x) / Math.PI) / 2);

// What the mouth says and when: shapes at absolute times of one clock.
export class MouthTrack {
  #shapes = [];
  #loud = { value: 0, until: -Infinity };

  // Adds `[[ms, viseme], …]`, counted from `startAt`; it replaces what was planned from its first shape on.
  add(timeline, startAt) {
    const coming = timeline
      .filter(([ms, viseme]) => Number.isFinite(startAt + ms) && Object.hasOwn(VISEMES, viseme))
      .map(([ms, viseme]) => ({ at: startAt + ms, viseme }))
      .sort((one, other) => one.at - other.at);
    if (coming.length === 0) return;
    const last = coming.at(-1);
    if (last.viseme !== "sil") coming.push({ at: last.at + TAIL, viseme: "sil" });
    this.#shapes = [...this.#shapes.filter((shape) => shape.at < coming[0].at), ...coming];
  }

  clear() {
    this.#shapes = [];
    this.#loud = { value: 0, until: -Infinity };
  }

  // Loudness in [0, 1] of what sounds at `now`, for sound that comes without visemes.
  hear(rms, now) {
    this.#loud = { value: clamp(Number(rms) || 0, 0, 1), until: now + HEARD_FOR };
  }

  speaking(now) {
    return this.#voicedAt(now) || (this.#loud.until > now && this.#loud.value > 0.02);
  }

  #voicedAt(now) {
    const last = this.#shapes.at(-1);
    return last !== undefined && now < last.at + REACH && now > this.#shapes[0].at - REACH - LEAD;
  }

  // The pose at `now`: each shape weighs as much of the neighbourhood as it fills, times its hold.
  at(now) {
    while (this.#shapes.length > 1 && this.#shapes[1].at < now - 2 * REACH) this.#shapes.shift();
    if (!this.#voicedAt(now)) return this.#loud.until > now ? loudPose(this.#loud.value, now) : REST;
    const sum = Object.fromEntries(FIELDS.map((field) => [field, 0]));
    let weights = 0;
    for (const [viseme, from, to] of this.#spans(now)) {
      const share = (under(to) - under(from)) * VISEMES[viseme].hold;
      if (share <= 0) continue;
      weights += share;
      for (const field of FIELDS) sum[field] += share * VISEMES[viseme][field];
    }
    for (const field of FIELDS) sum[field] /= weights;
    return sum;
  }

  // Each shape with the ends of its time, measured from `now` in reaches.
  *#spans(now) {
    const away = (at) => (at - now - LEAD) / REACH;
    yield ["sil", -Infinity, away(this.#shapes[0].at)];
    for (const [index, shape] of this.#shapes.entries()) {
      const next = this.#shapes[index + 1];
      yield [shape.viseme, away(shape.at), next ? away(next.at) : Infinity];
      if (away(shape.at) > 1) return;
    }
  }
}

function loudPose(value, now) {
  const open = Math.min(1, Math.sqrt(value) * 1.6);
  const vowel = 0.5 + 0.5 * Math.sin(now / 190) * Math.sin(now / 83);
  return Object.fromEntries(FIELDS.map((field) => [field, mix(REST[field], mix(VISEMES.E[field], VISEMES.aa[field], vowel), open)]));
}

const MIDDLE = [360, 353];

export const MOUTH = `
<path data-part="mouth-shade" fill="#c9806a" fill-opacity=".22"/>
<clipPath id="§clip-mouth"><path data-part="mouth-opening"/></clipPath>
<path data-part="mouth-throat" fill="url(#§throat)"/>
<g clip-path="url(#§clip-mouth)">
<path data-part="tongue" fill="url(#§tongue)"/>
<path data-part="lower-teeth" fill="#efe9e4"/>
<path data-part="upper-teeth" fill="#fffdfb"/>
<path data-part="teeth-shade" fill="none" stroke="#6b2b2b" stroke-opacity=".28" stroke-width="4"/>
</g>
<path data-part="lower-lip" fill="url(#§lipLower)"/>
<path data-part="lip-light" fill="#fff" fill-opacity=".38"/>
<path data-part="upper-lip" fill="url(#§lipUpper)"/>
<path data-part="lip-line" fill="none" stroke="#93423f" stroke-linecap="round" stroke-width="1.8"/>
<path data-part="dimples" fill="none" stroke="#c27f69" stroke-width="1.6" stroke-linecap="round"/>`;

// Height of the control points of a curve from corner to corner whose middle is to lie at `middle`.
const arch = (corner, middle) => (middle - 0.25 * corner) / 0.75;

// Shows a mouth pose, `corner` with the smile of the face in it. `put(part, attribute, value)` writes to the drawing.
export function showMouth(put, mouth) {
  const [cx, cy] = MIDDLE;
  const { wide, open, round, press } = mouth;
  const corner = cy - mouth.corner + open * mix(0.12, 0.26, round);
  const top = cy - open * 0.26 + press * 0.6 + clamp(mouth.corner - 4, 0, 5) * 0.7 * Math.min(1, open / 6) * (1 - round);
  const bottom = Math.max(top, cy + open * 0.74 - mouth.tuck * 2.5);
  const thickUp = mix(7.4, 8.6, round) * (1 - 0.3 * press);
  const thickLow = mix(10.4, 11.4, round) * (1 - 0.3 * press) * (1 - 0.45 * mouth.tuck);
  const left = [cx - wide, corner];
  const right = [cx + wide, corner];
  const k = mix(0.56, 0.98, round);
  const archTop = arch(corner, top);
  const archLow = arch(corner, bottom);
  const inside = path`M${left}C${[cx - wide * k, archTop]} ${[cx + wide * k, archTop]} ${right}C${[cx + wide * k, archLow]} ${[cx - wide * k, archLow]} ${left}Z`;
  put("mouth-opening", "d", inside);
  put("mouth-throat", "d", inside);
  const bow = wide * 0.24;
  const peak = top - thickUp;
  put(
    "upper-lip",
    "d",
    path`M${left}C${[cx - wide * 0.62, mix(corner, peak, 0.62)]} ${[cx - bow * 1.8, peak]} ${[cx - bow, peak]}C${[cx - bow * 0.4, peak]} ${[cx - bow * 0.3, peak + 2]} ${[cx, peak + 2.2]}C${[cx + bow * 0.3, peak + 2]} ${[cx + bow * 0.4, peak]} ${[cx + bow, peak]}C${[cx + bow * 1.8, peak]} ${[cx + wide * 0.62, mix(corner, peak, 0.62)]} ${right}C${[cx + wide * k, archTop + 0.7]} ${[cx - wide * k, archTop + 0.7]} ${left}Z`,
  );
  const chin = arch(corner + 1, bottom + thickLow);
  put(
    "lower-lip",
    "d",
    path`M${left}C${[cx - wide * k, archLow - 0.7]} ${[cx + wide * k, archLow - 0.7]} ${right}C${[cx + wide * k, chin]} ${[cx - wide * k, chin]} ${left}Z`,
  );
  const shine = bottom + thickLow * 0.36;
  put("lip-light", "d", path`M${[cx - wide * 0.36, shine]}C${[cx - wide * 0.16, shine - 2]} ${[cx + wide * 0.12, shine - 2]} ${[cx + wide * 0.3, shine]}C${[cx + wide * 0.12, shine + 3.4]} ${[cx - wide * 0.2, shine + 3.4]} ${[cx - wide * 0.36, shine]}Z`);
  put("lip-line", "d", path`M${left}C${[cx - wide * k, archTop]} ${[cx - wide * 0.2, arch(corner, top) + 0.6]} ${[cx, top + 0.8]}C${[cx + wide * 0.2, arch(corner, top) + 0.6]} ${[cx + wide * k, archTop]} ${right}`);
  put("lip-line", "stroke-opacity", clamp(0.85 - open * 0.12, 0.25, 0.85).toFixed(2));
  const shade = bottom + thickLow + 3;
  put("mouth-shade", "d", path`M${[cx - wide * 0.5, shade]}C${[cx - wide * 0.2, shade + 3]} ${[cx + wide * 0.2, shade + 3]} ${[cx + wide * 0.5, shade]}C${[cx + wide * 0.2, shade + 8]} ${[cx - wide * 0.2, shade + 8]} ${[cx - wide * 0.5, shade]}Z`);
  const dip = 2 + Math.max(0, mouth.corner) * 0.35;
  put("dimples", "stroke-opacity", clamp(mouth.corner * 0.09, 0, 0.6).toFixed(2));
  put("dimples", "d", path`M${[cx - wide - 2.5, corner - dip]}C${[cx - wide - 4.5, corner - 1]} ${[cx - wide - 4, corner + 2]} ${[cx - wide - 2, corner + 3]}M${[cx + wide + 2.5, corner - dip]}C${[cx + wide + 4.5, corner - 1]} ${[cx + wide + 4, corner + 2]} ${[cx + wide + 2, corner + 3]}`);
  showInside(put, mouth, top, bottom);
}

function showInside(put, mouth, top, bottom) {
  const [cx] = MIDDLE;
  const half = mouth.wide * 0.84;
  const edge = top + mouth.teeth * mix(4, 8.5, clamp(mouth.open / 16, 0, 1));
  put("upper-teeth", "d", path`M${[cx - half, top - 12]}L${[cx + half, top - 12]}L${[cx + half, edge - 5]}C${[cx + half * 0.6, edge + 0.6]} ${[cx - half * 0.6, edge + 0.6]} ${[cx - half, edge - 5]}Z`);
  put("teeth-shade", "d", path`M${[cx - mouth.wide, top]}C${[cx - half * 0.5, top - 1.5]} ${[cx + half * 0.5, top - 1.5]} ${[cx + mouth.wide, top]}`);
  const rim = bottom - mouth.lower * 4;
  put("lower-teeth", "d", path`M${[cx - half * 0.8, bottom + 8]}L${[cx - half * 0.8, rim + 2]}C${[cx - half * 0.4, rim - 0.5]} ${[cx + half * 0.4, rim - 0.5]} ${[cx + half * 0.8, rim + 2]}L${[cx + half * 0.8, bottom + 8]}Z`);
  const back = mix(bottom - 1, top + 3, mouth.tongue * 0.8) - mouth.open * 0.16;
  put("tongue", "d", path`M${[cx - half * 0.8, bottom + 10]}C${[cx - half * 0.8, back + 1]} ${[cx - half * 0.3, back]} ${[cx, back + 1.5]}C${[cx + half * 0.3, back]} ${[cx + half * 0.8, back + 1]} ${[cx + half * 0.8, bottom + 10]}Z`);
}
