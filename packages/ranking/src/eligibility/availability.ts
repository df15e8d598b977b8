import { ITEM_STATE } from "../catalogue-columns.ts";
import type { Filter } from "./filter.ts";

/** Deleted items keep their position in the catalogue, and nothing else. */
export const existing: Filter = {
  reason: "deleted",
  sparesPlain: true,
  text: "was deleted from the catalogue",
  prepare({ catalogue }) {
    const { state } = catalogue.columns;
    const { exists } = ITEM_STATE;
    return { removes: (position) => ((state[position] ?? 0) & exists) === 0 };
  },
};

export const onSale: Filter = {
  reason: "unavailable",
  sparesPlain: true,
  text: "is marked as not available",
  prepare({ catalogue }) {
    const { state } = catalogue.columns;
    const { available } = ITEM_STATE;
    return {
      removes: (position) => ((state[position] ?? 0) & available) === 0,
    };
  },
};

/** A stock that is not known is no reason. */
export const inStock: Filter = {
  reason: "out_of_stock",
  sparesPlain: true,
  text: "is out of stock",
  prepare({ catalogue }) {
    const { state } = catalogue.columns;
    const { soldOut } = ITEM_STATE;
    return { removes: (position) => ((state[position] ?? 0) & soldOut) !== 0 };
  },
};
