import type { CatalogueFacts, RatioMetric } from "../metric.ts";

/**
 * How much more popular the lists are than what their users chose
 * themselves: Σ over users of the mean training users of the list's items ÷
 * the same of their histories - 1.
 * Abdollahpouri, Mansoury, Burke, Mobasher, The unfairness of popularity bias in recommendation, RMSE at RecSys (2019), ΔGAP.
 * Range -1..∞; 0 is no bias. Users without list or history are left out.
 */
export const popularityBias: RatioMetric = {
  kind: "ratio",
  name: "popularity_bias",
  cut: "optional",
  better: "lower",
  range: [-1, Infinity],
  parts: ({ items, history = [] }, facts) => {
    if (items.length === 0 || history.length === 0) return null;
    const denominator = meanPopularityOf(history, facts);
    const numerator = meanPopularityOf(items, facts) - denominator;
    return { numerator, denominator };
  },
};

function meanPopularityOf(
  items: readonly string[],
  { trainCounts }: CatalogueFacts,
): number {
  const sum = items.reduce(
    (all, item) => all + (trainCounts.get(item) ?? 0),
    0,
  );
  return sum / items.length;
}
