import type { Source } from "../source.ts";

/** The items that the caller asked to choose from. */
export const candidates: Source<never> = {
  name: "candidates",
  description:
    "The caller's own items (include_ids, or the items to rerank); with them no other source offers anything but pins.",
  needs: [],
  personal: "never",
  isGiven: true,
  knobs: [],
  reasons: { candidate: "One of the items asked for" },
  offer({ request, catalogue, limit }) {
    if (request.include === null) {
      return {
        outcome: "not-applicable",
        reason: "the request names no candidates",
      };
    }
    const known = new Set<number>();
    for (const id of [...request.include].sort()) {
      const position = catalogue.positionOf(id);
      if (position >= 0) known.add(position);
    }
    return {
      outcome: "ok",
      positions: Int32Array.from([...known].slice(0, limit)),
      scoreOf: (position) => (known.has(position) ? 1 : 0),
    };
  },
};
