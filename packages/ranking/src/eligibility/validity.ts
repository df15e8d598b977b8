import type { Filter } from "./filter.ts";

export const notYetValid: Filter = {
  reason: "not_yet_valid",
  text: "is not valid yet (valid_from)",
  prepare({ catalogue, now }) {
    const { validFrom } = catalogue.columns;
    return { removes: (position) => now < (validFrom[position] ?? -Infinity) };
  },
};

/** The end of the window is outside it. */
export const expired: Filter = {
  reason: "expired",
  text: "is no longer valid (valid_until)",
  prepare({ catalogue, now }) {
    const { validUntil } = catalogue.columns;
    return { removes: (position) => now >= (validUntil[position] ?? Infinity) };
  },
};
