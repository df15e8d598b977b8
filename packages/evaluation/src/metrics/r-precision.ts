import { countHits } from "../judged-list.ts";
import type { AccuracyMetric } from "../metric.ts";

/**
 * Hits in the first R places divided by R, where R is the number of relevant items.
 * Manning, Raghavan, Schütze, Introduction to Information Retrieval (2008), ch. 8.
 * Range 0..1. Takes no k; a list shorter than R leaves places empty.
 */
export const rPrecision: AccuracyMetric = {
  kind: "accuracy",
  name: "r_precision",
  cut: "none",
  better: "higher",
  range: [0, 1],
  score: (list) => countHits(list, list.relevant.length) / list.relevant.length,
};
