import type { Estimator } from "./estimator.ts";
import { correctedModel } from "./row-terms.ts";

/**
 * Doubly robust: the direct method plus the mean of w (r - q).
 * Dudík, Langford, Li, Doubly robust policy evaluation and learning, ICML (2011).
 * Unbiased when the propensities or the model are right.
 */
export const dr: Estimator = {
  name: "dr",
  needsModel: true,
  unbiased: true,
  estimate: (rows, { alpha }) => correctedModel(rows, alpha, (w) => w),
};
