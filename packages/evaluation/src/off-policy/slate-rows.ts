import { meanOfTerms, type ValueEstimate } from "./value-estimate.ts";

/** One logged slate; the arrays have one entry per slot, first slot first. */
export interface LoggedSlate {
  /** What came of each slot. */
  readonly rewards: readonly number[];
  /** Probability with which the logging policy put this item into this slot, given the slots before; > 0. */
  readonly propensities: readonly number[];
  /** The same probability under the policy to be judged. */
  readonly targets: readonly number[];
}

export interface SlateEstimator {
  readonly name: string;
  /** What must hold of the users for the estimate to be unbiased. */
  readonly assumes: string;
  readonly estimate: (
    slates: readonly LoggedSlate[],
    alpha: number,
  ) => ValueEstimate;
}

/**
 * Mean over slates of Σ over slots of weight · reward. `weigh` turns the
 * ratios target / propensity of the slots into the weights of the slots.
 */
export function slateEstimate(
  slates: readonly LoggedSlate[],
  alpha: number,
  weigh: (ratios: readonly number[]) => readonly number[],
): ValueEstimate {
  const weight = new Float64Array(slates.length);
  const terms = Float64Array.from(slates, (slate, row) => {
    const weights = weigh(ratiosOf(slate, row));
    let sum = 0;
    for (const [i, w] of weights.entries())
      sum += w * (slate.rewards[i] ?? NaN);
    // How far the whole slate is trusted: the mean weight of its slots.
    weight[row] = weights.reduce((a, w) => a + w, 0) / (weights.length || 1);
    return sum;
  });
  const rows = { weight, reward: terms, model: null };
  return meanOfTerms(terms, rows, alpha);
}

function ratiosOf(slate: LoggedSlate, row: number): number[] {
  const { rewards, propensities, targets } = slate;
  if (
    rewards.length !== propensities.length ||
    rewards.length !== targets.length
  ) {
    throw new Error(`slate ${row}: the slots are not of one length`);
  }
  return propensities.map((propensity, slot) => {
    if (!(propensity > 0 && propensity <= 1)) {
      throw new Error(`slate ${row}, slot ${slot}: propensity ${propensity}`);
    }
    return (targets[slot] ?? NaN) / propensity;
  });
}
