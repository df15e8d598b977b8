import { neighbourReasons, offerNeighbours } from "../signals/neighbours.ts";
import type { Source } from "../source.ts";

/** What reads alike: the way in for items that nobody has touched yet. */
export const content: Source<"content"> = {
  name: "content",
  description:
    "Items whose text and attributes resemble the anchors or the user's newest items.",
  needs: ["content"],
  personal: "without-anchors",
  knobs: [],
  reasons: {
    ...neighbourReasons("content", "Similar to {anchor}"),
    content_bought: "Similar to {anchor}, which you bought",
    content_seen: "Similar to {anchor}, which you looked at",
  },
  offer: (input) => offerNeighbours("content", "content", input),
};
