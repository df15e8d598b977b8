import type { AccuracyMetric } from "../metric.ts";
import { normalisedDiscountedGain } from "./discounted-gain.ts";

/**
 * NDCG with the gain itself: DCG = sum of gain / log2(rank + 1), divided by the DCG of
 * all relevant items sorted by gain, cut at k.
 * Järvelin, Kekäläinen, Cumulated gain-based evaluation of IR techniques, TOIS 20 (2002).
 * Range 0..1; 1 when the first k are in the best order. A shorter list loses the places it leaves empty.
 */
export const ndcgLinear: AccuracyMetric = {
  kind: "accuracy",
  name: "ndcg_linear",
  cut: "required",
  better: "higher",
  range: [0, 1],
  score: (list, k) => normalisedDiscountedGain(list, k, (gain) => gain),
};
