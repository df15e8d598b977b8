import type { AccuracyMetric } from "../metric.ts";

/**
 * Reciprocal rank of the first relevant item within k, else 0: 1 / rank.
 * Voorhees, The TREC-8 question answering track report (1999).
 * Range 0..1. Only the first relevant item counts.
 */
export const mrr: AccuracyMetric = {
  kind: "accuracy",
  name: "mrr",
  cut: "required",
  better: "higher",
  range: [0, 1],
  score: (list, k) => {
    const first = list.gains.findIndex((gain) => gain > 0);
    return first === -1 || first >= k ? 0 : 1 / (first + 1);
  },
};
