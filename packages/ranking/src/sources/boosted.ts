import type { Source } from "../source.ts";

/** A boost of an item that nobody offers would change nothing. */
export const boosted: Source<never> = {
  name: "boosted",
  description:
    "The items that BOOST rules and overrides in force name, and the most popular of those that they mean by tag, brand, category or expression; their scores are moved later.",
  needs: [],
  personal: "never",
  isGiven: true,
  knobs: [],
  reasons: { boosted: "Recommended by the shop" },
  offer({ boosts, catalogue, limit }) {
    if (boosts.length === 0) {
      return {
        outcome: "not-applicable",
        reason: "no BOOST rule in force means an item that could be offered",
      };
    }
    const positions = boosts.map(({ itemId }) => catalogue.positionOf(itemId));
    const known = new Set(positions);
    return {
      outcome: "ok",
      positions: Int32Array.from(positions.slice(0, limit)),
      scoreOf: (position) => (known.has(position) ? 1 : 0),
    };
  },
};
