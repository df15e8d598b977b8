import { slateEstimate, type SlateEstimator } from "./slate-rows.ts";

/**
 * Pseudo-inverse estimator for a logging policy that fills each slot by
 * itself: the whole reward weighs 1 + Σ over slots of (ratio - 1).
 * Swaminathan et al., Off-policy evaluation for slate recommendation, NIPS (2017), example 3.
 * Unbiased when the slate's reward is a sum of what each slot adds. Weights may be negative.
 */
export const slatePseudoInverse: SlateEstimator = {
  name: "slate_pseudo_inverse",
  assumes: "the slate's reward is a sum of what each slot adds",
  estimate: (slates, alpha) =>
    slateEstimate(slates, alpha, (ratios) => {
      const weight = ratios.reduce((sum, ratio) => sum + ratio - 1, 1);
      return ratios.map(() => weight);
    }),
};
