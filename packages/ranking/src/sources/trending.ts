import { listHead, listScores, scoreAt } from "../signals/ranked-lists.ts";
import type { Source } from "../source.ts";

/** What is chosen more than it used to be. */
export const trending: Source<"trending"> = {
  name: "trending",
  description: "Items that are chosen more often lately than before.",
  needs: ["trending"],
  personal: "never",
  knobs: [],
  reasons: { trending: "Trending now" },
  offer({ signal, limit }) {
    const bound = signal("trending");
    const scores = listScores(bound, "");
    return {
      outcome: "ok",
      positions: listHead(bound, "", limit),
      scoreOf: (position) => scoreAt(bound, scores, position),
    };
  },
};
