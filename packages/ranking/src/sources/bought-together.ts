import { neighbourReasons, offerNeighbours } from "../signals/neighbours.ts";
import type { Source } from "../source.ts";

/** What shares an order with the items to start from. */
export const boughtTogether: Source<"bought-together"> = {
  name: "bought_together",
  description:
    "Items that share orders with the anchors or the user's newest items.",
  needs: ["bought-together"],
  personal: "without-anchors",
  knobs: [],
  reasons: neighbourReasons(
    "bought_together",
    "Often bought together with {anchor}",
  ),
  offer: (input) =>
    offerNeighbours("bought_together", "bought-together", input),
};
