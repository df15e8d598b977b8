import type { ComputedNumber } from "@recsys/contracts";
import { notComputable, valueOf } from "../computed.ts";
import type { SampleSize } from "./sample-size.ts";

const WEEK_DAYS = 7;

export interface DurationPlan {
  /** Users of both groups together. */
  readonly usersNeeded: ComputedNumber;
  readonly days: ComputedNumber;
  /** Rounded up to whole weeks, because weekdays differ. */
  readonly weeks: ComputedNumber;
  /** Part of the days lies beyond the traffic that was observed. */
  readonly extrapolated: boolean;
}

/**
 * How long an experiment must run for its sample size on the site's own
 * traffic: `reached[d]` distinct users within the first d + 1 days, of whom
 * `share` enter the experiment. Beyond the observed days, users keep coming
 * as in the last (up to seven) days.
 * Kohavi, Tang, Xu (2020), ch. 17. Not computable without traffic, or when nobody new comes.
 */
export function planDuration(
  size: SampleSize,
  traffic: { readonly reached: readonly number[]; readonly share: number },
): DurationPlan {
  const usersNeeded = sumOf(size);
  const days = daysFor(valueOf(usersNeeded) / traffic.share, traffic.reached);
  if (usersNeeded.kind === "not-computable" || !Number.isFinite(days)) {
    const because =
      usersNeeded.kind === "not-computable"
        ? usersNeeded.because
        : "the traffic never brings so many users";
    const none = notComputable(because);
    return { usersNeeded, days: none, weeks: none, extrapolated: false };
  }
  return {
    usersNeeded,
    days: { kind: "number", value: days },
    weeks: { kind: "number", value: Math.ceil(days / WEEK_DAYS) },
    extrapolated: days > traffic.reached.length,
  };
}

function sumOf({ nA, nB }: SampleSize): ComputedNumber {
  if (nA.kind === "not-computable") return nA;
  if (nB.kind === "not-computable") return nB;
  return { kind: "number", value: nA.value + nB.value };
}

function daysFor(users: number, reached: readonly number[]): number {
  const within = reached.findIndex((count) => count >= users);
  if (within >= 0) return within + 1;
  const days = reached.length;
  const last = reached[days - 1] ?? 0;
  const window = Math.min(WEEK_DAYS, days);
  const perDay = (last - (reached[days - 1 - window] ?? 0)) / window;
  return perDay > 0 ? days + Math.ceil((users - last) / perDay) : Infinity;
}
