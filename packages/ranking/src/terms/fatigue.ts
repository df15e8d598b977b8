import { HOUR_MS } from "@recsys/contracts";
import { eachImpression, FATIGUE_KNOBS } from "../impressions.ts";
import type { Term } from "./term.ts";

/** What one impression says at the moment it is made. */
const FRESH = 0.5;

/**
 * Tires of what was shown: 1 − Π over impressions of (1 − ½ · 2^(−age ÷
 * half-life)). One just now is 0.5, two are 0.75; one a half-life ago is 0.25.
 */
export const fatigue: Term = {
  name: "fatigue",
  description:
    "How tired the person is of the item: 1 − the product over its impressions of (1 − ½ · 2^(−age ÷ half-life)), 0 for one not shown within 30 days.",
  sign: -1,
  privacy: "personal",
  knobs: FATIGUE_KNOBS,
  prepare({ knobs, now, snapshot, userState }) {
    const halfLifeMs = knobs.number("fatigue.half_life_hours") * HOUR_MS;
    const { catalogue } = snapshot;
    const freshness = new Map<number, number>();
    eachImpression({ catalogue, userState, now }, (position, ageMs) => {
      const tired = FRESH * 2 ** (-ageMs / halfLifeMs);
      freshness.set(position, (freshness.get(position) ?? 1) * (1 - tired));
    });
    if (freshness.size === 0) return null;
    return (position) => 1 - (freshness.get(position) ?? 1);
  },
};
