import type { Estimator } from "./estimator.ts";
import { correctedModel } from "./row-terms.ts";

/**
 * Doubly robust with weights cut at lambda: DM plus the mean of min(w, λ)(r - q).
 * Su, Dimakopoulou, Krishnamurthy, Dudík, Doubly robust off-policy evaluation with shrinkage, ICML (2020).
 * Biased towards the model where weights are cut.
 */
export const drClipped: Estimator = {
  name: "dr_clipped",
  needsModel: true,
  unbiased: false,
  estimate: (rows, { alpha, clipLambda }) =>
    correctedModel(rows, alpha, (w) => Math.min(w, clipLambda)),
};
