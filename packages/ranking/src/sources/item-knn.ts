import { neighbourReasons, offerNeighbours } from "../signals/neighbours.ts";
import type { Source } from "../source.ts";

/** What the same people chose over their whole history. */
export const itemKnn: Source<"item-knn"> = {
  name: "item_knn",
  description:
    "Items chosen by the same people as the anchors or the user's newest items, over whole histories.",
  needs: ["item-knn"],
  personal: "without-anchors",
  knobs: [],
  reasons: neighbourReasons(
    "item_knn",
    "People who chose {anchor} also chose this",
  ),
  offer: (input) => offerNeighbours("item_knn", "item-knn", input),
};
