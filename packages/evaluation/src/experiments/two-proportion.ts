import type { ComputedInterval, ComputedNumber } from "@recsys/contracts";
import { around, notComputable, unless } from "../computed.ts";
import {
  normalCritical,
  normalSurvival,
  normalTwoSided,
} from "../special/normal.ts";
import { wilsonInterval } from "./wilson-interval.ts";

export interface Successes {
  readonly successes: number;
  readonly n: number;
}

/** The difference p_b - p_a of two proportions, with its test. */
export interface ProportionDifference {
  readonly proportionA: ComputedNumber;
  readonly proportionB: ComputedNumber;
  readonly difference: ComputedNumber;
  /** Unpooled: the one of the interval. */
  readonly standardError: ComputedNumber;
  readonly z: ComputedNumber;
  readonly pTwoSided: ComputedNumber;
  readonly pBGreater: ComputedNumber;
  readonly interval: ComputedInterval;
  /** p_b / p_a - 1, with the delta-method interval. */
  readonly relativeLift: ComputedNumber;
  readonly relativeInterval: ComputedInterval;
  readonly wilsonA: ComputedInterval;
  readonly wilsonB: ComputedInterval;
}

/**
 * Two-proportion z test: z and p with the pooled variance, the interval of
 * the difference with the unpooled one, Wilson's interval per group.
 * Agresti, Categorical Data Analysis (2013), 3.1; Fleiss, Levin, Paik (2003) ch. 3.
 * Not computable for an empty group; no test when nobody or everybody
 * succeeded; no lift when nobody of a did.
 */
export function twoProportionTest(
  a: Successes,
  b: Successes,
  alpha: number,
): ProportionDifference {
  const [pA, pB] = [a.successes / a.n, b.successes / b.n];
  const difference = pB - pA;
  const pooled = (a.successes + b.successes) / (a.n + b.n);
  const z = difference / Math.sqrt(pooled * (1 - pooled) * (1 / a.n + 1 / b.n));
  const [varA, varB] = [(pA * (1 - pA)) / a.n, (pB * (1 - pB)) / b.n];
  const standardError = Math.sqrt(varA + varB);
  const critical = normalCritical(alpha);
  const empty = a.n > 0 && b.n > 0 ? null : "a group is empty";
  const same =
    pooled > 0 && pooled < 1 ? null : "all outcomes of both groups are equal";
  const untested = empty ?? same;
  const noLift = empty ?? (pA > 0 ? null : "there is no success in a");
  const liftError = Math.sqrt(varB / pA ** 2 + (pB ** 2 * varA) / pA ** 4);
  return {
    proportionA: a.n > 0 ? unless(null, pA) : notComputable("a is empty"),
    proportionB: b.n > 0 ? unless(null, pB) : notComputable("b is empty"),
    difference: unless(empty, difference),
    standardError: unless(empty, standardError),
    z: unless(untested, z),
    pTwoSided: unless(untested, normalTwoSided(z)),
    pBGreater: unless(untested, normalSurvival(z)),
    interval: around(difference, critical * standardError, empty),
    relativeLift: unless(noLift, pB / pA - 1),
    relativeInterval: around(pB / pA - 1, critical * liftError, noLift),
    wilsonA: wilsonInterval(a, alpha),
    wilsonB: wilsonInterval(b, alpha),
  };
}
