import type { Term } from "./term.ts";

/** What the shop earns by the item, so that of two items people like as much the better one for the shop leads. */
export const utilityMargin: Term = {
  name: "utility_margin",
  description:
    "The item's `margin`, a share of its price: 1 where all of the price is margin, 0 where nothing is, where it is a loss, or where none is known.",
  sign: 1,
  privacy: "item",
  knobs: [],
  prepare({ snapshot }) {
    const { margin } = snapshot.catalogue.columns;
    return (position) => margin[position] ?? 0;
  },
};
