import type { Estimator } from "./estimator.ts";
import { correctedModel } from "./row-terms.ts";

/**
 * SWITCH-DR: doubly robust where w ≤ λ, the model alone above.
 * Wang, Agarwal, Dudík, Optimal and adaptive off-policy evaluation in contextual bandits, ICML (2017).
 * Biased by the model's error on the rows above λ.
 */
export const switchDr: Estimator = {
  name: "switch_dr",
  needsModel: true,
  unbiased: false,
  estimate: (rows, { alpha, switchLambda }) =>
    correctedModel(rows, alpha, (w) => (w <= switchLambda ? w : 0)),
};
