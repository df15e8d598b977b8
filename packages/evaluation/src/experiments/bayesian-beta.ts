import type { ComputedInterval, ComputedNumber } from "@recsys/contracts";
import { computed, computedInterval, notComputable } from "../computed.ts";
import {
  betaKernel,
  betaQuantile,
  incompleteBeta,
} from "../special/incomplete-beta.ts";
import type { Successes } from "./two-proportion.ts";

export interface BayesianComparison {
  /** P(B > A) under the posteriors. */
  readonly probabilityBGreater: ComputedNumber;
  /** E[max(A - B, 0)]: what choosing b is expected to cost. */
  readonly expectedLossB: ComputedNumber;
  /** E[max(B - A, 0)]. */
  readonly expectedLossA: ComputedNumber;
  /** Posterior intervals of the two proportions, equal tails. */
  readonly credibleA: ComputedInterval;
  readonly credibleB: ComputedInterval;
}

export interface BayesianSettings {
  readonly prior?: Beta;
  readonly alpha?: number;
}

interface Beta {
  readonly a: number;
  readonly b: number;
}

/**
 * Two proportions with Beta posteriors Beta(prior.a + successes, prior.b +
 * failures). Losses by E[A; A > B] = mean(A) · P(A⁺ > B), A⁺ with one success more.
 * Stucchio, Bayesian A/B testing at VWO (2015); Gelman et al., Bayesian Data Analysis (2013), 2.4.
 * Not computable for counts that are no counts, or a prior that is not positive.
 */
export function bayesianBeta(
  a: Successes,
  b: Successes,
  { prior = { a: 1, b: 1 }, alpha = 0.05 }: BayesianSettings = {},
): BayesianComparison {
  const because = refuse(a) ?? refuse(b) ?? refusePrior(prior);
  if (because !== null) {
    const none = notComputable(because);
    return {
      probabilityBGreater: none,
      expectedLossA: none,
      expectedLossB: none,
      credibleA: none,
      credibleB: none,
    };
  }
  const [A, B] = [posterior(a, prior), posterior(b, prior)];
  return {
    probabilityBGreater: computed(probabilityGreater(B, A)),
    expectedLossB: computed(expectedExcess(A, B)),
    expectedLossA: computed(expectedExcess(B, A)),
    credibleA: credible(A, alpha),
    credibleB: credible(B, alpha),
  };
}

/** E[max(X - Y, 0)]; rounding may leave it a hair below 0. */
function expectedExcess(x: Beta, y: Beta): number {
  const won = meanOf(x) * probabilityGreater({ a: x.a + 1, b: x.b }, y);
  const lost = meanOf(y) * probabilityGreater(x, { a: y.a + 1, b: y.b });
  return Math.max(0, won - lost);
}

/**
 * P(X > Y): the integral of the narrower density against the other's
 * distribution on the logit scale, where it is analytic and falls off
 * exponentially, so that the trapezoidal rule converges exponentially.
 * Trefethen, Weideman, SIAM Review 56 (2014).
 */
function probabilityGreater(x: Beta, y: Beta): number {
  return logitVariance(x) <= logitVariance(y)
    ? integrate(x, y, "lower")
    : integrate(y, x, "upper");
}

function credible({ a, b }: Beta, alpha: number): ComputedInterval {
  const low = betaQuantile(alpha / 2, a, b);
  return computedInterval(low, betaQuantile(1 - alpha / 2, a, b));
}

function integrate(own: Beta, other: Beta, side: "lower" | "upper"): number {
  const step = Math.min(0.2, Math.sqrt(logitVariance(own)) / 5);
  const mode = Math.log(own.a / own.b);
  const weigh = (t: number) => {
    const point = logistic(t);
    const density = betaKernel(point, own.a, own.b);
    const share = incompleteBeta(point, other.a, other.b)[side];
    return { density, term: density * share };
  };
  const centre = weigh(mode);
  let sum = centre.term;
  for (const direction of [-1, 1]) {
    for (let i = 1; ; i++) {
      const { density, term } = weigh(mode + direction * i * step);
      sum += term;
      if (density < centre.density * 1e-18) break;
    }
  }
  return Math.min(1, sum * step);
}

function logistic(t: number) {
  return { x: 1 / (1 + Math.exp(-t)), y: 1 / (1 + Math.exp(t)) };
}

function logitVariance({ a, b }: Beta): number {
  return 1 / a + 1 / b;
}

function meanOf({ a, b }: Beta): number {
  return a / (a + b);
}

function posterior({ successes, n }: Successes, prior: Beta): Beta {
  return { a: prior.a + successes, b: prior.b + n - successes };
}

function refuse({ successes, n }: Successes): string | null {
  return successes >= 0 && n >= successes
    ? null
    : `${successes} of ${n} is no count of successes`;
}

function refusePrior({ a, b }: Beta): string | null {
  return a > 0 && b > 0 ? null : "the prior is not positive";
}
