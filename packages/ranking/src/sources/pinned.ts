import type { Source } from "../source.ts";

/** What merchandising placed by rule; the stage `slots` gives it its position. */
export const pinned: Source<never> = {
  name: "pinned",
  description: "The items that PIN rules in force name.",
  needs: [],
  personal: "never",
  isGiven: true,
  knobs: [],
  reasons: { pinned: "Featured" },
  offer({ pins, catalogue, limit }) {
    if (pins.length === 0) {
      return { outcome: "not-applicable", reason: "no PIN rule is in force" };
    }
    const positions = pins.map((pin) => catalogue.positionOf(pin.itemId));
    const known = new Set(positions);
    return {
      outcome: "ok",
      positions: Int32Array.from(positions.slice(0, limit)),
      scoreOf: (position) => (known.has(position) ? 1 : 0),
    };
  },
};
