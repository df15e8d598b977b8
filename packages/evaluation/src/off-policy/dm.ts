import type { Estimator } from "./estimator.ts";
import { correctedModel } from "./row-terms.ts";

/**
 * Direct method: mean over rows of Σ_a target(a) q(a).
 * Beygelzimer, Langford, The offset tree, KDD (2009).
 * As right as its model: the interval knows nothing of the model's bias.
 */
export const dm: Estimator = {
  name: "dm",
  needsModel: true,
  unbiased: false,
  estimate: (rows, { alpha }) => correctedModel(rows, alpha, () => 0),
};
