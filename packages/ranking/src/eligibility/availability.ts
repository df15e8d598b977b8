import type { Filter } from "./filter.ts";

/** Deleted items keep their position in the catalogue, and nothing else. */
export const existing: Filter = {
  reason: "deleted",
  text: "was deleted from the catalogue",
  prepare({ catalogue }) {
    const { exists } = catalogue.columns;
    return { removes: (position) => exists[position] !== 1 };
  },
};

export const onSale: Filter = {
  reason: "unavailable",
  text: "is marked as not available",
  prepare({ catalogue }) {
    const { available } = catalogue.columns;
    return { removes: (position) => available[position] !== 1 };
  },
};

/** A stock that is not known is no reason. */
export const inStock: Filter = {
  reason: "out_of_stock",
  text: "is out of stock",
  prepare({ catalogue }) {
    const { stock } = catalogue.columns;
    return { removes: (position) => (stock[position] ?? NaN) <= 0 };
  },
};
