import {
  seededRandom,
  type ComputedInterval,
  type ComputedNumber,
} from "@recsys/contracts";
import { notComputable, unless, valueOf } from "../computed.ts";
import type { Numbers } from "../moments.ts";
import { kolmogorovSurvival } from "../special/kolmogorov.ts";
import { momentsOf } from "./sample-moments.ts";
import { welchTest } from "./welch-t.ts";
import { wilsonInterval } from "./wilson-interval.ts";

export interface AaCheck {
  readonly tests: number;
  readonly falsePositives: number;
  readonly rate: ComputedNumber;
  /** Wilson's interval (99.9 %) of the rate. */
  readonly interval: ComputedInterval;
  /** Kolmogorov's test of the p-values against the uniform distribution. */
  readonly pUniform: ComputedNumber;
  /** The interval holds alpha and the p-values look uniform (p ≥ 0.001). */
  readonly healthy: boolean | null;
}

const STRICT = 0.001;

/**
 * Whether tests without an effect reject as often as promised: share of
 * p < alpha, and the distance of the p-values from uniform.
 * Kohavi, Tang, Xu, Trustworthy Online Controlled Experiments (2020), ch. 19.
 * Not computable without p-values.
 */
export function checkAa(p: readonly number[], alpha: number): AaCheck {
  const tests = p.length;
  const falsePositives = p.filter((value) => value < alpha).length;
  const count = { successes: falsePositives, n: tests };
  const interval = wilsonInterval(count, STRICT);
  if (interval.kind === "not-computable") {
    const none = notComputable("there are no A/A tests");
    const rest = { rate: none, interval, pUniform: none, healthy: null };
    return { tests, falsePositives, ...rest };
  }
  const pUniform = kolmogorovSurvival(
    Math.sqrt(tests) * distanceFromUniform(p),
  );
  const holds = interval.low <= alpha && alpha <= interval.high;
  return {
    tests,
    falsePositives,
    rate: unless(null, falsePositives / tests),
    interval,
    pUniform: unless(null, pUniform),
    healthy: holds && pUniform >= STRICT,
  };
}

/** p-values of Welch's test when the same users are split at random, again and again, by the seed. */
export function splitAtRandom(
  values: Numbers,
  o: { readonly runs: number; readonly seed: number },
): number[] {
  const random = seededRandom(o.seed);
  return Array.from({ length: o.runs }, () => {
    const groups: [number[], number[]] = [[], []];
    for (const value of values) groups[random() < 0.5 ? 0 : 1].push(value);
    const test = welchTest(momentsOf(groups[0]), momentsOf(groups[1]), 0.05);
    return valueOf(test.pTwoSided);
  }).filter((p) => !Number.isNaN(p));
}

function distanceFromUniform(p: readonly number[]): number {
  const sorted = p.toSorted((a, b) => a - b);
  return sorted.reduce(
    (most, value, i) =>
      Math.max(
        most,
        value - i / sorted.length,
        (i + 1) / sorted.length - value,
      ),
    0,
  );
}
