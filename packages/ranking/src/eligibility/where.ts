import type { Filter } from "./filter.ts";

/** A value that is missing does not meet a condition. */
export const where: Filter = {
  reason: "where",
  text: "lacks what the expression of the request asks for (constraints.where)",
  prepare({ where: holds, catalogue }) {
    if (holds === null) return null;
    return {
      removes: (position) => {
        const item = catalogue.items[position];
        return !item || !holds(item);
      },
    };
  },
};
