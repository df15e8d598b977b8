import type { AccuracyMetric } from "../metric.ts";
import { normalisedDiscountedGain } from "./discounted-gain.ts";

/**
 * NDCG with gain 2^gain - 1: DCG = sum of (2^gain - 1) / log2(rank + 1), divided by the
 * DCG of all relevant items sorted by gain, cut at k. Gains beyond 1,000 overflow and are an error.
 * Burges et al., Learning to rank using gradient descent, ICML (2005).
 * Range 0..1; 1 when the first k are in the best order. A shorter list loses the places it leaves empty.
 */
export const ndcgExp: AccuracyMetric = {
  kind: "accuracy",
  name: "ndcg_exp",
  cut: "required",
  better: "higher",
  range: [0, 1],
  score: (list, k) =>
    normalisedDiscountedGain(list, k, (gain) => 2 ** gain - 1),
};
