import { countHits } from "../judged-list.ts";
import type { AccuracyMetric } from "../metric.ts";

/**
 * Share of the relevant items that are in the first k: hits(k) / |relevant|.
 * Manning, Raghavan, Schütze, Introduction to Information Retrieval (2008), ch. 8.
 * Range 0..1, but at most k / |relevant|: the divisor is not min(k, |relevant|).
 */
export const recall: AccuracyMetric = {
  kind: "accuracy",
  name: "recall",
  cut: "required",
  better: "higher",
  range: [0, 1],
  score: (list, k) => countHits(list, k) / list.relevant.length,
};
