import type { AccuracyMetric } from "../metric.ts";

/**
 * Average precision: the sum over hits of the precision at the hit's rank,
 * divided by min(k, |relevant|); the mean over users is MAP@k.
 * Buckley, Voorhees, Evaluating evaluation measure stability, SIGIR (2000); cut at k as in trec_eval's map_cut, divided by min(k, |relevant|).
 * Range 0..1; 1 when the first min(k, |relevant|) places are all relevant.
 */
export const ap: AccuracyMetric = {
  kind: "accuracy",
  name: "ap",
  cut: "required",
  better: "higher",
  range: [0, 1],
  score: (list, k) => {
    const end = Math.min(k, list.gains.length);
    let hits = 0;
    let sum = 0;
    for (let i = 0; i < end; i++) {
      if ((list.gains[i] ?? 0) <= 0) continue;
      hits++;
      sum += hits / (i + 1);
    }
    return sum / Math.min(k, list.relevant.length);
  },
};
