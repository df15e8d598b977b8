import type { Filter } from "./filter.ts";

/** An item without a price cannot meet a condition on it. */
export const price: Filter = {
  reason: "price",
  text: "has no price in the range that the request asks for",
  prepare({ request, catalogue }) {
    const { min_price: min, max_price: max } = request.constraints;
    if (min === undefined && max === undefined) return null;
    const { price: prices } = catalogue.columns;
    return {
      removes: (position) => {
        const value = prices[position] ?? NaN;
        return !(value >= (min ?? 0) && value <= (max ?? Infinity));
      },
    };
  },
};
