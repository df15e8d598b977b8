import { judgeList } from "../judged-list.ts";
import type { RatioMetric } from "../metric.ts";

/**
 * Group AUC: the AUC within each list (wanted against unwanted of the shown
 * slots), averaged over lists with their slots as weights.
 * Zhu et al., Optimized cost per click in Taobao display advertising, KDD (2017).
 * Range 0..1; ½ for a random order. Lists in which all or none are wanted are left out.
 */
export const gauc: RatioMetric = {
  kind: "ratio",
  name: "gauc",
  cut: "optional",
  better: "higher",
  range: [0, 1],
  parts: ({ items, truth = new Map() }) => {
    const gains = judgeList(items, truth)?.gains ?? [];
    const wanted = gains.filter((gain) => gain > 0).length;
    const pairs = wanted * (gains.length - wanted);
    if (pairs === 0) return null;
    let [above, won] = [0, 0];
    for (const gain of gains) {
      if (gain > 0) above++;
      else won += above;
    }
    return {
      numerator: (gains.length * won) / pairs,
      denominator: gains.length,
    };
  },
};
