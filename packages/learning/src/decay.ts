import { DAY_MS } from "@recsys/contracts";

/** 2^(-age / half-life); 1 for what lies in the future of the moment that is asked about. */
export function decay(ageMs: number, halfLifeDays: number): number {
  return 2 ** (-Math.max(0, ageMs) / (halfLifeDays * DAY_MS));
}
