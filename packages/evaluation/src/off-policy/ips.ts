import type { Estimator } from "./estimator.ts";
import { weightedReward } from "./row-terms.ts";

/**
 * Inverse propensity score: mean of w r, w = target / propensity.
 * Horvitz, Thompson, JASA 47 (1952); Precup, Sutton, Singh, ICML (2000).
 * Unbiased where every action of the target was possible; its variance grows with the weights.
 */
export const ips: Estimator = {
  name: "ips",
  needsModel: false,
  unbiased: true,
  estimate: (rows, { alpha }) => weightedReward(rows, alpha, (w) => w),
};
