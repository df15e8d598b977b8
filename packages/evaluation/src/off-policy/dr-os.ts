import type { Estimator } from "./estimator.ts";
import { correctedModel } from "./row-terms.ts";

/**
 * Doubly robust with optimistic shrinkage: weights λ w ÷ (w² + λ).
 * Su, Dimakopoulou, Krishnamurthy, Dudík, ICML (2020).
 * Biased towards the model; DM at λ = 0, DR for λ → ∞.
 */
export const drOs: Estimator = {
  name: "dr_os",
  needsModel: true,
  unbiased: false,
  estimate: (rows, { alpha, shrinkLambda }) =>
    correctedModel(rows, alpha, (w) => shrink(w, shrinkLambda)),
};

function shrink(w: number, lambda: number): number {
  if (lambda === Infinity || w === 0) return w;
  return (lambda * w) / (w * w + lambda);
}
