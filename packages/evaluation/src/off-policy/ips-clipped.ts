import type { Estimator } from "./estimator.ts";
import { weightedReward } from "./row-terms.ts";

/**
 * IPS with weights cut at lambda: mean of min(w, λ) r.
 * Bottou et al., Counterfactual reasoning and learning systems, JMLR 14 (2013).
 * Biased downwards for rewards ≥ 0 as soon as a weight is cut.
 */
export const ipsClipped: Estimator = {
  name: "ips_clipped",
  needsModel: false,
  unbiased: false,
  estimate: (rows, { alpha, clipLambda }) =>
    weightedReward(rows, alpha, (w) => Math.min(w, clipLambda)),
};
