import { judgeList } from "../judged-list.ts";
import type { ListMetric } from "../metric.ts";
import { unseenPopular } from "../popular-first.ts";

/**
 * Useful surprises: wanted items among the first k that are not among the k
 * most popular items new to the user, divided by k.
 * Murakami, Mori, Orihara, Metrics for evaluating the serendipity of recommendation lists (2008); Ge et al., RecSys (2010), with unseen popularity as the primitive model.
 * Range 0..1. null for a user for whom nothing is relevant; 0 for an empty list.
 */
export const serendipity: ListMetric = {
  kind: "list",
  name: "serendipity",
  cut: "required",
  better: "higher",
  range: [0, 1],
  needs: [],
  score: ({ items, history = [], truth = new Map() }, facts, k) => {
    const judged = judgeList(items, truth);
    if (judged === null) return null;
    const expected = new Set(unseenPopular(facts, history, k));
    const surprises = items.filter(
      (item, i) => (judged.gains[i] ?? 0) > 0 && !expected.has(item),
    );
    return surprises.length / k;
  },
};
