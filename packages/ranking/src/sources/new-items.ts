import { DAY_MS } from "@recsys/contracts";
import type { Source } from "../source.ts";

/** What came into the catalogue lately, whether or not anybody saw it. */
export const newItems: Source<never> = {
  name: "new_items",
  description:
    "Items created within a window of days, the newest scoring highest.",
  needs: [],
  personal: "never",
  knobs: [
    {
      name: "new_items.window_days",
      description: "How long after its creation an item counts as new.",
      kind: "number",
      default: 30,
      minimum: 0.1,
      maximum: 3650,
      unit: "days",
    },
  ],
  reasons: { new_item: "New in the catalogue" },
  offer({ catalogue, knobs, now, limit }) {
    const windowMs = knobs.number("new_items.window_days") * DAY_MS;
    const { createdAt } = catalogue.columns;
    const scoreOf = (position: number): number => {
      const ageMs = Math.max(0, now - (createdAt[position] ?? NaN));
      return ageMs < windowMs ? 1 - ageMs / windowMs : 0;
    };
    const newest = catalogue.newestFirst();
    let count = 0;
    while (count < Math.min(limit, newest.length)) {
      if (scoreOf(newest[count] ?? -1) === 0) break;
      count++;
    }
    return { outcome: "ok", positions: newest.subarray(0, count), scoreOf };
  },
};
