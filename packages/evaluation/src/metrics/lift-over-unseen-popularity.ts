import { judgeList } from "../judged-list.ts";
import type { AccuracyMetric, RatioMetric } from "../metric.ts";
import { unseenPopular } from "../popular-first.ts";

/** A user's part of the lift of an accuracy metric over the unseen popular items: gain and baseline. */
export function liftOver(metric: AccuracyMetric): RatioMetric["parts"] {
  return ({ items, history = [], truth = new Map() }, facts, k) => {
    const own = judgeList(items, truth);
    const plain = judgeList(unseenPopular(facts, history, k), truth);
    if (own === null || plain === null) return null;
    const denominator = metric.score(plain, k);
    return { numerator: metric.score(own, k) - denominator, denominator };
  };
}
