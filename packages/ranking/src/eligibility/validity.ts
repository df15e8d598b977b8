import { ITEM_STATE } from "../catalogue-columns.ts";
import type { Filter } from "./filter.ts";

export const notYetValid: Filter = {
  reason: "not_yet_valid",
  sparesPlain: true,
  text: "is not valid yet (valid_from)",
  prepare({ catalogue, now }) {
    const { state, validFrom } = catalogue.columns;
    return {
      removes: (position) =>
        ((state[position] ?? 0) & ITEM_STATE.window) !== 0 &&
        now < (validFrom[position] ?? -Infinity),
    };
  },
};

/** The end of the window is outside it. */
export const expired: Filter = {
  reason: "expired",
  sparesPlain: true,
  text: "is no longer valid (valid_until)",
  prepare({ catalogue, now }) {
    const { state, validUntil } = catalogue.columns;
    return {
      removes: (position) =>
        ((state[position] ?? 0) & ITEM_STATE.window) !== 0 &&
        now >= (validUntil[position] ?? Infinity),
    };
  },
};
