// The faces that 小新 can make, by the names that the voice socket sends.

// brow: brows raised; browIn: their inner ends raised further; browTwist: one up, one down (pixels).
// lid: upper lids lowered; squint: lower lids raised; wide: upper lids raised (shares of one).
// gazeX, gazeY: where she looks, in [-1, 1]. tilt: head to the side (degrees); turn, nod: features moved aside and down (pixels).
// corner: corners of the mouth; open, teeth: a smile that shows teeth; press: lips together; blush (share). bow: head and shoulders lowered.
// arm: the forearm, -180 hanging, 0 upright; hand: bent at the wrist (degrees); wave: how far it waves; beat: how far it moves with speech.
const REST = {
  brow: 1, browIn: 1.8, browTwist: 0, lid: 0.02, squint: 0.22, wide: 0, gazeX: 0, gazeY: 0, tilt: 0, turn: 0, nod: 0,
  corner: 5.4, stretch: 1, open: 0, teeth: 0, press: 0, blush: 0.75, bow: 0, arm: -180, hand: 0, wave: 0, beat: 0,
};

export const EXPRESSIONS = {
  idle: REST,
  greet: { ...REST, brow: 3, squint: 0.55, tilt: 2.5, corner: 7, stretch: 6, open: 11, teeth: 1.3, blush: 1, arm: -9, hand: 4, wave: 11 },
  listen: { ...REST, brow: 3, wide: 0.35, squint: 0.1, tilt: -3, turn: -2, nod: 2, corner: 5.2 },
  think: { ...REST, brow: 2, browTwist: 2.5, gazeX: 0.75, gazeY: -0.75, tilt: 3, turn: 5, nod: -2, corner: 1.6, stretch: -2, press: 0.4, blush: 0.6 },
  explain: { ...REST, brow: 1.5, wide: 0.15, turn: -3, corner: 5.4, blush: 0.8, arm: -14, hand: -34, beat: 6 },
  smile: { ...REST, brow: 2, squint: 0.7, tilt: 1.5, corner: 7.5, stretch: 7, open: 12, teeth: 1.3, blush: 1 },
  sorry: { ...REST, brow: 0.5, browIn: 5.5, lid: 0.16, squint: 0.05, gazeY: 0.35, tilt: -2, nod: 7, corner: 1, stretch: -2, press: 0.25, blush: 0.6, bow: 1 },
};

// How fast a part of the face arrives: 95 parts in 100 of the way after about 4.7 / pace seconds.
const PACES = { gazeX: 40, gazeY: 40, arm: 10, hand: 10, wave: 8, beat: 8, bow: 12 };
const PACE = 18;

// A face on its way from one expression to another. Springs without overshoot, so that it can change its mind midway.
export class Face {
  #goal = REST;
  #speed = Object.fromEntries(Object.keys(REST).map((field) => [field, 0]));
  now = { ...REST };

  aim(goal) {
    this.#goal = goal;
  }

  step(seconds) {
    for (const [field, goal] of Object.entries(this.#goal)) {
      const pace = PACES[field] ?? PACE;
      const away = this.now[field] - goal;
      const push = (this.#speed[field] + pace * away) * seconds;
      const decay = Math.exp(-pace * seconds);
      this.now[field] = goal + (away + push) * decay;
      this.#speed[field] = (this.#speed[field] - pace * push) * decay;
    }
  }
}
