import type { AccuracyMetric } from "../metric.ts";

/**
 * Chance that a wanted item stands above an unwanted one of the list; a
 * wanted item that is not listed loses to all, and wins where nothing unwanted is listed.
 * Bamber, The area above the ordinal dominance graph, J. Math. Psychology 12 (1975), on a cut list.
 * Range 0..1; 1 when every wanted item is listed above everything unwanted.
 */
export const auc: AccuracyMetric = {
  kind: "accuracy",
  name: "auc",
  cut: "optional",
  better: "higher",
  range: [0, 1],
  score: (list, k) => {
    const gains = list.gains.slice(0, k);
    const unwanted = gains.filter((gain) => gain <= 0).length;
    let below = unwanted;
    let won = 0;
    for (const gain of gains) {
      if (gain <= 0) below--;
      else won += unwanted === 0 ? 1 : below / unwanted;
    }
    return won / list.relevant.length;
  },
};
