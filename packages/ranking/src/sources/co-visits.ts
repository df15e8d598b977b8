import { neighbourReasons, offerNeighbours } from "../signals/neighbours.ts";
import type { Source } from "../source.ts";

/** What people looked at around the items to start from. */
export const coVisits: Source<"co-visits"> = {
  name: "co_visits",
  description:
    "Items that other people visited together with the anchors or the user's newest items.",
  needs: ["co-visits"],
  personal: "without-anchors",
  knobs: [],
  reasons: neighbourReasons("co_visits", "Often chosen together with {anchor}"),
  offer: (input) => offerNeighbours("co_visits", "co-visits", input),
};
