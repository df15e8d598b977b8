import { DAY_MS } from "@recsys/contracts";
import type { Filter } from "./filter.ts";

/** An item without a creation time cannot meet a condition on it. */
export const age: Filter = {
  reason: "too_old",
  text: "is older than the request allows, or its age is not known (max_age_days)",
  prepare({ request, catalogue, now }) {
    const { max_age_days: days } = request.constraints;
    if (days === undefined) return null;
    const { createdAt } = catalogue.columns;
    return {
      removes: (position) =>
        !(now - (createdAt[position] ?? NaN) <= days * DAY_MS),
    };
  },
};
