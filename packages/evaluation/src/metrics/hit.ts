import { countHits } from "../judged-list.ts";
import type { AccuracyMetric } from "../metric.ts";

/**
 * 1 when any of the first k is relevant, else 0; the mean over users is the hit rate.
 * Deshpande, Karypis, Item-based top-N recommendation algorithms, TOIS 22 (2004).
 * Range {0, 1}.
 */
export const hit: AccuracyMetric = {
  kind: "accuracy",
  name: "hit",
  cut: "required",
  better: "higher",
  range: [0, 1],
  score: (list, k) => (countHits(list, k) > 0 ? 1 : 0),
};
