import type { Source } from "../source.ts";
import { startersOf } from "../starters.ts";

/** What people like this one start with, as long as they have said little themselves. */
export const starter: Source<never> = {
  name: "starter",
  description:
    "Items of the starter profile of the segment; fades as the user's own events arrive.",
  needs: [],
  personal: "never",
  knobs: [
    {
      name: "starter.fade_events",
      description:
        "After so many events of the user the starter profile counts half, after twice as many a quarter.",
      kind: "number",
      default: 5,
      minimum: 0.1,
      maximum: 1000,
      unit: "events",
    },
  ],
  reasons: { starter: "A good place to start" },
  offer({ starter: profile, catalogue, history, knobs, limit }) {
    if (profile === null) {
      return {
        outcome: "not-applicable",
        reason: "the segment has no starter profile",
      };
    }
    const fade =
      2 ** (-history.events.length / knobs.number("starter.fade_events"));
    const { order, weightOf } = startersOf(profile, catalogue);
    return {
      outcome: "ok",
      positions: order.subarray(0, limit),
      scoreOf: (position) => fade * weightOf(position),
    };
  },
};
