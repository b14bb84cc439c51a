// What of 小新 keeps its shape, as SVG in a field of 720 by 856 that begins at (0, 44): layers from back to front, each in its own element so that
// swaying moves finished bitmaps. `§` stands for the prefix that keeps the ids of two avatars on one page apart.

export const WIDTH = 720;
export const TOP = 44;
export const HEIGHT = 856;

const fade = (id, box, ...stops) =>
  `<linearGradient id="§${id}" gradientUnits="userSpaceOnUse" x1="${box[0]}" y1="${box[1]}" x2="${box[2]}" y2="${box[3]}">${stops.map(stop).join("")}</linearGradient>`;
const glow = (id, [cx, cy, r], ...stops) =>
  `<radialGradient id="§${id}" gradientUnits="userSpaceOnUse" cx="${cx}" cy="${cy}" r="${r}">${stops.map(stop).join("")}</radialGradient>`;
const stop = ([offset, colour, opacity = 1]) => `<stop offset="${offset}" stop-color="${colour}" stop-opacity="${opacity}"/>`;

export const PAINTS = [
  glow("skin", [352, 250, 190], [0, "#fff1e6"], [0.45, "#fee6d7"], [0.72, "#f9d6c2"], [0.92, "#efc0a6"]),
  fade("neck", [300, 400, 420, 500], [0, "#f3c8b0"], [0.5, "#f9d8c4"], [1, "#eebfa5"]),
  fade("neckShade", [360, 372, 360, 448], [0, "#a85f48", 0.55], [0.6, "#b66f55", 0.28], [1, "#b66f55", 0]),
  fade("palm", [0, -110, 10, 10], [0, "#fde0d0"], [0.6, "#fbd9c6"], [1, "#efbfa6"]),
  fade("hairBack", [360, 110, 360, 460], [0, "#3a2723"], [0.45, "#2a1b19"], [1, "#1e1312"]),
  fade("hairLeft", [250, 120, 330, 430], [0, "#4a322b"], [0.35, "#3a2622"], [0.7, "#33211d"], [1, "#2a1b18"]),
  fade("hairRight", [470, 120, 420, 430], [0, "#452e28"], [0.4, "#35221e"], [1, "#291a17"]),
  fade("shine", [300, 130, 300, 236], [0, "#b98b72", 0.05], [0.45, "#c0937a", 0.5], [1, "#b98b72", 0]),
  fade("strand", [300, 130, 300, 430], [0, "#8d6352", 0.1], [0.35, "#9a6f5c", 0.6], [1, "#6d4a3d", 0.05]),
  fade("strandDark", [300, 130, 300, 440], [0, "#150c0b", 0], [0.5, "#150c0b", 0.4], [1, "#150c0b", 0.25]),
  fade("navy", [200, 480, 520, 900], [0, "#2b4a7c"], [0.35, "#1f3a68"], [0.75, "#182e55"], [1, "#132546"]),
  fade("sleeveLeft", [120, 520, 230, 720], [0, "#2f5088"], [0.5, "#203c6b"], [1, "#152a4e"]),
  fade("sleeveRight", [120, 520, 230, 720], [0, "#274576"], [0.5, "#1b345f"], [1, "#132647"]),
  fade("forearm", [-40, 0, 40, 0], [0, "#2d4d83"], [0.55, "#203c6b"], [1, "#162b50"]),
  fade("lapel", [270, 480, 360, 690], [0, "#365a95"], [0.5, "#284879"], [1, "#1d3862"]),
  fade("lapelRight", [450, 480, 360, 690], [0, "#2f5189"], [0.5, "#233f6d"], [1, "#1a3158"]),
  fade("shirt", [300, 470, 420, 650], [0, "#ffffff"], [0.6, "#f2f6fb"], [1, "#d9e3ee"]),
  fade("scarf", [310, 440, 410, 580], [0, "#8cc4ee"], [0.45, "#4f9bd8"], [1, "#2b74b8"]),
  fade("scarfDark", [330, 470, 400, 580], [0, "#3f8bca"], [1, "#20609f"]),
  fade("plate", [412, 640, 412, 676], [0, "#ffffff"], [1, "#dfe7ef"]),
  fade("noseSide", [340, 262, 356, 312], [0, "#d99a80", 0], [0.5, "#d99a80", 0.2], [1, "#d99a80", 0.08]),
  glow("blushLeft", [300, 322, 36], [0, "#f08a80", 0.5], [0.6, "#f08a80", 0.22], [1, "#f08a80", 0]),
  glow("blushRight", [420, 322, 36], [0, "#f08a80", 0.5], [0.6, "#f08a80", 0.22], [1, "#f08a80", 0]),
  glow("noseTip", [359, 313, 10], [0, "#ffffff", 0.75], [1, "#ffffff", 0]),
  glow("forehead", [346, 214, 60], [0, "#ffffff", 0.5], [1, "#ffffff", 0]),
  glow("chinLight", [360, 384, 20], [0, "#ffffff", 0.35], [1, "#ffffff", 0]),
  fade("brow", [24, 0, 84, 0], [0, "#8a6250", 0.55], [0.22, "#5f4338", 0.9], [0.7, "#4a322b", 0.95], [1, "#4a322b", 0.75]),
  fade("eyeWhite", [0, 254, 0, 288], [0, "#d9dde6"], [0.35, "#f9fafc"], [1, "#ffffff"]),
  glow("iris", [0, 3, 16], [0, "#a86a41"], [0.45, "#6f4028"], [0.8, "#40231a"], [1, "#24120e"]),
  glow("eyeShadow", [52, 258, 34], [0, "#b5705c", 0.5], [1, "#c98370", 0]),
  fade("lipUpper", [360, 340, 360, 358], [0, "#e08a82"], [1, "#c9605f"]),
  fade("lipLower", [360, 352, 360, 378], [0, "#e0807b"], [0.5, "#ec9a92"], [1, "#dd7d77"]),
  glow("throat", [360, 362, 30], [0, "#5a1a1e"], [0.7, "#7a2a2c"], [1, "#8d3536"]),
  fade("tongue", [360, 356, 360, 384], [0, "#e58a88"], [1, "#c9605f"]),
].join("");

const strands = (paint, width, ...paths) =>
  `<g fill="none" stroke="url(#§${paint})" stroke-width="${width}" stroke-linecap="round">${paths.map((d) => `<path d="${d}"/>`).join("")}</g>`;

// Light on hair: leaf shapes, each from one point past another to a third, pointed at both ends.
const sheen = (paint, ...leaves) =>
  leaves.map(([x1, y1, cx, cy, x2, y2, thick]) => `<path fill="url(#§${paint})" d="M${x1} ${y1}Q${cx} ${cy} ${x2} ${y2}Q${cx + thick} ${cy + thick} ${x1} ${y1}Z"/>`).join("");

export const BACK_HAIR = `
<path fill="url(#§hairBack)" d="M360 102C272 100 234 166 235 262C236 314 226 352 232 394C236 428 250 456 280 462C296 466 308 464 320 462L400 462C412 464 424 466 440 462C470 456 484 428 490 394C498 352 484 314 485 262C486 166 448 100 360 102Z"/>
${strands("strandDark", 3, "M246 300C246 360 238 400 256 452", "M474 300C474 360 482 400 464 452", "M262 330C262 380 258 420 280 454", "M458 330C458 380 462 420 440 454", "M292 400C292 430 300 450 316 460", "M428 400C428 430 420 450 404 460")}`;

const LEFT_LOCK = "M402 97C330 78 238 106 227 234C225 300 218 344 229 392C236 428 252 452 282 456C276 450 272 446 270 440C276 442 282 442 288 440C268 412 263 356 265 318C267 276 274 250 290 234C338 222 378 202 391 166C393 160 395 156 398 152C401 136 403 116 402 97Z";
const RIGHT_LOCK = "M394 96C446 100 490 146 493 234C495 300 502 344 491 392C484 428 468 452 438 456C444 450 448 446 450 440C444 442 438 442 432 440C452 412 457 356 455 318C453 276 447 248 434 230C416 210 404 186 400 166C399 160 398 156 396 152C391 136 392 112 394 96Z";

export const FRONT_HAIR = `
<path fill="url(#§hairRight)" d="${RIGHT_LOCK}"/>
<path fill="url(#§hairLeft)" d="${LEFT_LOCK}"/>
${sheen("shine", [246, 232, 262, 158, 344, 132, 14], [260, 232, 284, 172, 368, 142, 11], [276, 230, 310, 186, 380, 158, 12], [292, 226, 340, 198, 384, 172, 9], [240, 250, 246, 176, 300, 130, 9])}
${sheen("shine", [474, 226, 466, 160, 424, 130, -12], [462, 230, 450, 178, 412, 146, -11], [448, 232, 430, 190, 406, 160, -9], [484, 244, 480, 176, 448, 136, -8])}
${strands("strand", 2, "M388 108C324 100 252 140 245 250C240 310 240 366 244 412", "M392 116C336 118 274 152 256 240C250 300 250 366 254 420", "M394 128C356 158 316 186 280 208", "M380 104C306 96 240 140 236 262C234 320 234 372 236 404", "M404 112C446 118 474 170 476 250C480 320 478 372 474 412", "M402 126C432 146 452 190 461 236C467 300 466 366 466 420", "M400 106C458 110 484 160 486 262C488 320 488 372 485 404")}
${strands("strandDark", 2.2, "M396 108C326 112 260 156 250 262C246 330 246 380 250 430", "M398 122C364 148 312 184 272 226", "M398 136C370 170 326 204 288 224", "M398 110C448 124 470 180 470 262C474 330 474 380 470 430", "M396 134C412 172 432 198 448 232")}
<path d="M400 100C399 118 398 134 396 148" fill="none" stroke="#150c0b" stroke-opacity=".35" stroke-width="1.6" stroke-linecap="round"/>
<path d="M266 300C262 340 262 390 274 430M454 300C458 340 458 390 446 430" fill="none" stroke="#150c0b" stroke-opacity=".45" stroke-width="2" stroke-linecap="round"/>`;

export const HAIR_SHADE = `<path fill="#a6614a" fill-opacity=".26" d="M396 150C386 210 340 232 300 244C284 262 277 290 275 320C274 350 280 380 288 404L240 404L240 140ZM392 150C398 196 414 214 430 238C440 258 445 290 445 318C446 350 440 380 432 404L486 404L486 140Z"/>`;

// An upper arm as far as its elbow, and the forearm that hangs from it; the left one comes off where the arm is raised.
const UPPER_ARM = "M232 498C186 506 162 540 152 606C143 664 128 712 124 764C121 800 138 818 164 818C190 818 206 802 206 780C218 730 230 690 236 640Z";
const HANGING = "M124 756C121 812 128 860 136 930L212 930C212 862 208 816 206 772C190 750 140 744 124 756Z";
const FOLDS = `<path fill="none" stroke="#0d1b36" stroke-opacity=".3" stroke-width="2.5" stroke-linecap="round" d="M140 748C152 756 168 757 182 750M196 776C184 784 170 786 156 782"/>`;

const arm = (paint, part) => `
<g${part}><path fill="url(#§${paint})" d="${HANGING}"/></g>
<path fill="url(#§${paint})" d="${UPPER_ARM}"/>${FOLDS}`;

export const BODY = `
${arm("sleeveLeft", ' data-part="hanging"')}
<g transform="matrix(-1 0 0 1 720 0)">${arm("sleeveRight", "")}</g>
<path fill="url(#§neck)" d="M316 360C320 400 320 420 318 440C316 462 300 480 280 494L360 560L440 494C420 480 404 462 402 440C400 420 400 400 404 360Z"/>
<path fill="url(#§neckShade)" d="M316 372L320 418C326 438 340 448 358 448C378 448 394 436 400 416L404 372Z"/>
<path fill="none" stroke="#c98a70" stroke-opacity=".5" stroke-width="2" stroke-linecap="round" d="M336 478C344 486 350 490 356 491M384 478C376 486 370 490 364 491"/>
<path fill="url(#§shirt)" d="M296 476L344 486L376 486L424 476C440 500 440 560 420 640L360 720L300 640C280 560 280 500 296 476Z"/>
<path fill="url(#§navy)" d="M292 474C262 486 240 492 220 500C200 520 204 580 226 640C244 690 254 740 248 792C242 836 232 872 228 930L492 930C488 872 478 836 472 792C466 740 476 690 494 640C516 580 520 520 500 500C480 492 458 486 428 474L364 696Z"/>
<path fill="none" stroke="#0d1b36" stroke-opacity=".5" stroke-width="2.5" d="M226 640C244 690 254 740 248 792C242 836 232 872 228 930M494 640C476 690 466 740 472 792C478 836 488 872 492 930M226 640C214 612 206 580 205 548M494 640C506 612 514 580 515 548"/>
<path fill="#0d1b36" fill-opacity=".28" d="M362 694C366 760 370 830 372 930L384 930C380 830 374 760 364 694Z"/>
<path fill="none" stroke="#3b5f99" stroke-opacity=".7" stroke-width="1.6" d="M362 696C366 760 369 830 371 930"/>
<path fill="#0d1b36" fill-opacity=".22" d="M270 700C286 740 292 800 286 930L268 930C276 830 276 760 262 700ZM450 700C434 740 428 800 434 930L452 930C444 830 444 760 458 700Z"/>
<path fill="#0a1730" fill-opacity=".35" d="M292 478L256 566L284 574L270 596L356 712L362 700Z"/>
<path fill="#0a1730" fill-opacity=".35" d="M428 478L464 566L436 574L450 596L372 712L362 700Z"/>
<path fill="url(#§lapelRight)" d="M428 472C436 482 450 502 462 556L434 566L446 586L362 702C388 640 414 560 418 488Z"/>
<path fill="url(#§lapel)" d="M292 472C284 482 270 502 258 556L286 566L274 586L362 702C334 640 306 560 302 488Z"/>
<path fill="none" stroke="#6d93cc" stroke-opacity=".55" stroke-width="1.5" stroke-linejoin="round" d="M258 556L286 566L274 586L360 699M462 556L434 566L446 586L366 697"/>
<path fill="url(#§shirt)" d="M316 432C304 446 296 462 294 478C306 512 322 536 338 552L358 494C340 482 324 462 316 432Z"/>
<path fill="url(#§shirt)" d="M404 432C416 446 424 462 426 478C414 512 398 536 382 552L362 494C380 482 396 462 404 432Z"/>
<path fill="none" stroke="#9fb3c9" stroke-opacity=".7" stroke-width="1.4" d="M294 478C306 512 322 536 338 552L358 494M426 478C414 512 398 536 382 552L362 494"/>
<path fill="url(#§scarfDark)" d="M352 508C342 540 326 568 316 592C330 604 346 606 358 600C364 572 366 540 366 510Z"/>
<path fill="url(#§scarf)" d="M358 508C364 540 378 566 396 584C392 600 380 612 364 616C356 586 350 546 350 510Z"/>
<path fill="none" stroke="#fff" stroke-opacity=".75" stroke-width="3.4" d="M359 592C372 588 384 580 391 572M356 576C366 573 376 566 382 560M322 584C332 590 344 592 352 590"/>
<path fill="url(#§scarf)" d="M318 428C318 452 334 476 352 490L366 490C384 476 402 452 402 428C410 440 412 452 408 464C398 484 382 500 368 508L352 508C338 500 322 484 312 464C308 452 310 440 318 428Z"/>
<path fill="none" stroke="#fff" stroke-opacity=".7" stroke-width="3" d="M314 452C320 470 334 486 348 497M406 452C400 470 386 486 372 497"/>
<path fill="url(#§scarfDark)" d="M346 488C354 482 366 482 374 488C378 498 376 510 370 516C362 520 356 520 350 516C344 510 342 498 346 488Z"/>
<path fill="#fff" fill-opacity=".3" d="M350 490C356 486 364 486 369 489C366 494 356 496 350 490Z"/>
<g transform="translate(410 624) scale(.88)">
<path fill="#0a1730" fill-opacity=".35" d="M2 8h84v30h-84z"/>
<rect width="84" height="34" rx="5" fill="url(#§plate)" stroke="#a9b8c8"/>
<path transform="translate(4 3) scale(.6)" d="M9 12a4 4 0 0 1 4-4h22a4 4 0 0 1 4 4v17a4 4 0 0 1-4 4H24l-8.5 7.5V33H13a4 4 0 0 1-4-4z" fill="#0b4778"/>
<path transform="translate(4 3) scale(.6)" d="M15.5 17h17M15.5 24h11" stroke="#fff" stroke-width="3.4" stroke-linecap="round"/>
<text x="56" y="24" text-anchor="middle" font-size="18" font-weight="600" font-family="PingFang SC,Noto Sans CJK SC,Microsoft YaHei,sans-serif" fill="#0b4778">小新</text>
</g>
<circle cx="368" cy="736" r="8" fill="#14284b" stroke="#5b7fb8" stroke-width="1.5"/><circle cx="371" cy="826" r="8" fill="#14284b" stroke="#5b7fb8" stroke-width="1.5"/>
<path fill="none" stroke="#7ea3d8" stroke-opacity=".35" stroke-width="3" stroke-linecap="round" d="M290 480C262 491 232 497 214 504C190 514 172 542 163 586M430 480C458 491 488 497 506 504C530 514 548 542 557 586"/>`;

// The raised forearm points up from the elbow at (0, 0); the hand, its palm to the visitor, from the wrist at (0, 0).
export const FOREARM = `
<path fill="#0a1730" fill-opacity=".28" transform="translate(9 4)" d="M-40 4C-44 -40 -36 -120 -30 -172L30 -172C36 -120 38 -60 30 -8L-30 10Z"/>
<path fill="url(#§forearm)" d="M-40 4C-44 -40 -36 -120 -30 -172C-14 -178 14 -178 30 -172C36 -120 42 -40 38 4C36 34 20 46 0 46C-22 46 -38 32 -40 4Z"/>
<path fill="none" stroke="#0d1b36" stroke-opacity=".3" stroke-width="2.5" stroke-linecap="round" d="M-34 -22C-24 -12 -8 -8 6 -12M34 -6C26 6 12 12 -4 12M-26 -150C-14 -154 8 -154 22 -150"/>`;

const finger = (d, width) =>
  `<path d="${d}" stroke="#dd9f84" stroke-width="${width + 2.4}"/><path d="${d}" stroke="url(#§palm)" stroke-width="${width}"/>`;

export const HAND = `
<g fill="none" stroke-linecap="round" stroke-linejoin="round">
${finger("M14 -14C26 -24 36 -36 41 -54", 14)}${finger("M-17 -46C-21 -60 -25 -72 -27 -84", 10.5)}${finger("M-7 -50C-9 -70 -10 -86 -11 -102", 11.5)}
${finger("M4 -50C5 -70 6 -88 7 -106", 12)}${finger("M14 -46C17 -64 20 -80 23 -96", 11.5)}
</g>
<path fill="url(#§palm)" d="M-18 18C-16 2 -23 -16 -24 -32C-25 -46 -20 -56 -12 -58L12 -58C19 -56 22 -48 22 -38C24 -30 28 -26 27 -22C22 -12 17 2 18 18Z"/>
<path fill="none" stroke="#d8957a" stroke-opacity=".6" stroke-width="1.5" stroke-linecap="round" d="M20 -30C10 -34 4 -24 3 -8M-20 -36C-8 -32 6 -36 16 -46"/>`;

export const CUFF = `<path fill="#f7fafd" stroke="#b9c7d6" d="M-28 -168C-12 -174 12 -174 28 -168L26 -185C12 -191 -12 -191 -26 -185Z"/>`;

export const NOSE = `
<path fill="url(#§noseSide)" d="M346 256C348 276 346 298 341 318C349 313 353 302 354 284C354 272 351 262 346 256Z"/>
<circle cx="359" cy="313" r="10" fill="url(#§noseTip)"/>
<path fill="#d48f76" fill-opacity=".32" d="M342 322C348 330 354 327 360 329C366 327 372 330 378 322C374 333 366 333 360 334C354 333 346 333 342 322Z"/>
<path fill="none" stroke="#a9604b" stroke-opacity=".75" stroke-width="2" stroke-linecap="round" d="M349 325.5C351.5 323.5 354.5 324 356 326M371 325.5C368.5 323.5 365.5 324 364 326"/>
<path fill="none" stroke="#cf8b72" stroke-opacity=".55" stroke-width="1.6" stroke-linecap="round" d="M341 314C339 319 340 323 344 325M379 314C381 319 380 323 376 325"/>`;

export const LIGHTS = `
<circle cx="346" cy="214" r="60" fill="url(#§forehead)"/><circle cx="360" cy="384" r="20" fill="url(#§chinLight)"/>`;
