import type { ComputedInterval, ComputedNumber } from "@recsys/contracts";
import { around, notComputable, unless } from "../computed.ts";
import type { SampleMoments } from "./sample-moments.ts";

/** One look at a running experiment: everything seen so far. */
export interface Look {
  readonly a: SampleMoments;
  readonly b: SampleMoments;
}

export interface AlwaysValidStep {
  readonly difference: ComputedNumber;
  readonly logLikelihoodRatio: ComputedNumber;
  /** Running minimum over the looks: may be read at any of them. */
  readonly p: ComputedNumber;
  /** Of this look alone, not intersected with earlier ones. */
  readonly interval: ComputedInterval;
}

/**
 * Mixture SPRT on the difference of means: prior N(0, tau2) under H1,
 * V = v_a/n_a + v_b/n_b, ln Λ = ½ ln(V/(V+τ²)) + τ²d²/(2V(V+τ²)), p = running
 * minimum of 1 and 1/Λ; the interval inverts Λ at 1/alpha.
 * Johari, Koomen, Pekelis, Walsh, Peeking at A/B tests, KDD (2017); Robbins,
 * Annals of Mathematical Statistics 41 (1970).
 * A look is not computable below two values per group or with zero variance.
 */
export function alwaysValid(
  looks: readonly Look[],
  o: { readonly tau2: number; readonly alpha: number },
): AlwaysValidStep[] {
  let p = 1;
  let seen = false;
  return looks.map((look) => {
    const { variance, because } = varianceOf(look);
    const d = look.b.mean - look.a.mean;
    const logRatio = logLikelihoodRatio(d, variance, o.tau2);
    if (because === null) {
      seen = true;
      p = Math.min(p, Math.exp(-logRatio));
    }
    const empty = look.a.n > 0 && look.b.n > 0 ? null : "a group is empty";
    return {
      difference: unless(empty, d),
      logLikelihoodRatio: unless(because, logRatio),
      p: seen ? unless(null, p) : notComputable(because ?? "no look yet"),
      interval: around(d, sequenceReach(variance, o), because),
    };
  });
}

/** Half the width of the confidence sequence at variance V of the difference. */
export function sequenceReach(
  variance: number,
  o: { readonly tau2: number; readonly alpha: number },
): number {
  const sum = variance + o.tau2;
  const bound = 2 * Math.log(1 / o.alpha) + Math.log(sum / variance);
  return Math.sqrt(((variance * sum) / o.tau2) * bound);
}

/**
 * The prior variance whose sequence is narrowest at the look where the
 * difference has this variance: V·s with s = 2 ln(1/alpha) + ln(1 + s), where
 * the width's derivative is 0. Howard, Ramdas, McAuliffe, Sekhon, Annals of Statistics 49 (2021), 3.5.
 */
export function narrowestPrior(variance: number, alpha: number): number {
  const bound = -2 * Math.log(alpha);
  let s = bound;
  // A contraction of factor 1 / (1 + s) < 1/2: converged long before the end.
  for (let i = 0; i < 64; i++) s = bound + Math.log1p(s);
  return variance * s;
}

function logLikelihoodRatio(d: number, variance: number, tau2: number): number {
  const sum = variance + tau2;
  return 0.5 * Math.log(variance / sum) + (tau2 * d * d) / (2 * variance * sum);
}

function varianceOf({ a, b }: Look) {
  const variance = a.variance / a.n + b.variance / b.n;
  if (a.n < 2 || b.n < 2) {
    return { variance, because: "it takes at least two values per group" };
  }
  const because = variance > 0 ? null : "both groups are constant";
  return { variance, because };
}
