// Eyes and brows. Each side is drawn for the right half of the face, measured from its middle line, and mirrored for the left.

import { mix, path } from "./avatar_shape.js";

const INNER = [24, 277];
const OUTER = [73, 270];
const IRIS = [48.5, 271];

const SIDES = { left: -1, right: 1 };

export const EYES = Object.entries(SIDES)
  .map(
    ([side, sign]) => `
<g transform="matrix(${sign} 0 0 1 360 0)">
<circle cx="52" cy="258" r="34" fill="url(#§eyeShadow)"/>
<clipPath id="§clip-${side}"><path data-part="opening-${side}"/></clipPath>
<path data-part="white-${side}" fill="url(#§eyeWhite)"/>
<g clip-path="url(#§clip-${side})">
<g data-part="iris-${side}">
<circle r="15.6" fill="url(#§iris)" stroke="#1d0f0c" stroke-width="1.6"/><circle r="6.6" fill="#0c0605"/>
<path d="M-11 4C-9 12 9 12 11 4C8 9 -8 9 -11 4Z" fill="#d89a66" fill-opacity=".6"/>
<circle cx="5" cy="-6" r="4.6" fill="#fff" fill-opacity=".96"/><circle cx="-6" cy="6" r="2.1" fill="#fff" fill-opacity=".75"/>
</g>
<path data-part="lidshade-${side}" fill="none" stroke="#5d4444" stroke-opacity=".2" stroke-width="8"/>
</g>
<path d="M24 277C27 275 30 275.5 31 277C30 279.5 27 279.5 24 277Z" fill="#eba99c" fill-opacity=".8"/>
<path data-part="lower-${side}" fill="none" stroke="#8a5646" stroke-opacity=".6" stroke-width="1.6" stroke-linecap="round"/>
<path data-part="bag-${side}" fill="none" stroke="#d79a82" stroke-opacity=".45" stroke-width="1.6" stroke-linecap="round"/>
<path data-part="crease-${side}" fill="none" stroke="#8a4f3f" stroke-opacity=".6" stroke-width="1.7" stroke-linecap="round"/>
<path data-part="lash-${side}" fill="#21130f"/>
<path data-part="brow-${side}" fill="url(#§brow)"/>
</g>`,
  )
  .join("");

// The paths of one eye, by part. `face.lid` and `blink` close it from above, `face.squint` from below; `gaze` is in [-1, 1].
function eyePaths(face, blink, gazeY) {
  const shut = Math.min(1, blink + (1 - blink) * face.lid);
  const sunk = 3 * gazeY + 2 * face.squint - 3 * face.wide;
  const low = 6 * face.squint;
  const in1 = [32, mix(257 + sunk, 288, shut)];
  const out1 = [59, mix(250.5 + sunk, 289.5, shut)];
  const out2 = [65, mix(288, 289, shut) - low * (1 - 0.5 * shut)];
  const in2 = [38, mix(290.5, 289, shut) - low * (1 - 0.5 * shut)];
  const upper = path`M${INNER}C${in1} ${out1} ${OUTER}`;
  const opening = `${upper}${path`C${out2} ${in2} ${INNER}Z`}`;
  const tip = [80.5, mix(265, 273, shut)];
  const lash = `${upper}${path`L${tip}C${[70, out1[1] + mix(3, 3, shut)]} ${[60, out1[1] - mix(6.5, 1, shut)]} ${[48, (in1[1] + out1[1]) / 2 - mix(2.6, 0.4, shut)]}`}${path`C${[40, in1[1] - 0.5]} ${[31, in1[1] + mix(5, -1, shut)]} ${INNER}Z`}`;
  const fold = mix(-9, -19, shut);
  const crease = path`M${[28, mix(266 + sunk, 270, shut)]}C${[36, in1[1] + fold + 3]} ${[58, out1[1] + fold + 1.5]} ${[78, mix(261 + sunk, 266, shut)]}`;
  const lower = path`M${[68, mix(276, 277, shut)]}C${[62, out2[1] + 0.6]} ${[44, in2[1] + 0.8]} ${[30, 280.5]}`;
  const bag = path`M${[66, 289 - low]}C${[58, 296 - low * 0.7]} ${[44, 297 - low * 0.7]} ${[34, 291 - low * 0.6]}`;
  return { opening, white: opening, lidshade: upper, lash, crease, lower, bag };
}

function browPath(face, sign) {
  const lift = -face.brow - sign * face.browTwist;
  const inner = lift - face.browIn;
  return path`M${[23, 240 + inner]}C${[34, 236 + inner]} ${[50, 233 + lift]} ${[62, 233 + lift]}C${[72, 233.5 + lift]} ${[80, 237.5 + lift]} ${[87, 244 + lift + face.browIn * 0.4]}C${[79, 241 + lift]} ${[70, 239.7 + lift]} ${[60, 239.6 + lift]}C${[48, 240 + lift]} ${[36, 242.4 + inner]} ${[26, 245.6 + inner]}C${[22.5, 245.8 + inner]} ${[20.5, 242 + inner]} ${[23, 240 + inner]}Z`;
}

// Shows both eyes and brows. `put(part, attribute, value)` writes to the drawing.
export function showEyes(put, face, blink, gaze) {
  const paths = eyePaths(face, blink, gaze.y);
  for (const [side, sign] of Object.entries(SIDES)) {
    for (const [part, d] of Object.entries(paths)) put(`${part}-${side}`, "d", d);
    put(`bag-${side}`, "stroke-opacity", (0.12 + 0.45 * face.squint).toFixed(2));
    const at = [IRIS[0] + sign * gaze.x * 6.5, IRIS[1] + gaze.y * 4.5];
    put(`iris-${side}`, "transform", `translate(${at[0].toFixed(2)} ${at[1].toFixed(2)}) scale(${sign} 1)`);
    put(`brow-${side}`, "d", browPath(face, sign));
  }
}
