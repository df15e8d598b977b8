import type { AccuracyMetric } from "../metric.ts";
import { normalisedDiscountedGain } from "./discounted-gain.ts";

/**
 * NDCG with gain 1 for every relevant item: DCG = sum over hits of 1 / log2(rank + 1),
 * divided by the DCG of min(k, |relevant|) hits in a row. `ndcg` is another name of it.
 * Järvelin, Kekäläinen, Cumulated gain-based evaluation of IR techniques, TOIS 20 (2002).
 * Range 0..1; 1 when the first k are in the best order. A shorter list loses the places it leaves empty.
 */
export const ndcgBinary: AccuracyMetric = {
  kind: "accuracy",
  name: "ndcg_binary",
  cut: "required",
  better: "higher",
  range: [0, 1],
  score: (list, k) => normalisedDiscountedGain(list, k, () => 1),
};
