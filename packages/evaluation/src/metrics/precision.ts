import { countHits } from "../judged-list.ts";
import type { AccuracyMetric } from "../metric.ts";

/**
 * Share of the first k places that hold a relevant item: hits(k) / k.
 * Manning, Raghavan, Schütze, Introduction to Information Retrieval (2008), ch. 8.
 * Range 0..1. Divides by k also when the list is shorter: empty places are misses.
 */
export const precision: AccuracyMetric = {
  kind: "accuracy",
  name: "precision",
  cut: "required",
  better: "higher",
  range: [0, 1],
  score: (list, k) => countHits(list, k) / k,
};
