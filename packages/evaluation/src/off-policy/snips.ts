import type { Estimator } from "./estimator.ts";
import { absent, withError } from "./value-estimate.ts";

/**
 * Self-normalised IPS: Σ w r ÷ Σ w, within the range of the rewards;
 * SE = √Σ(w (r - value))² ÷ Σ w (delta method).
 * Swaminathan, Joachims, The self-normalized estimator, NIPS (2015).
 * Consistent, not unbiased. Not computable when all weights are 0.
 */
export const snips: Estimator = {
  name: "snips",
  needsModel: false,
  unbiased: true,
  estimate: (rows, { alpha }) => {
    let [weights, rewards] = [0, 0];
    const { weight, reward } = rows;
    for (let i = 0; i < weight.length; i++) {
      const w = weight[i] ?? NaN;
      weights += w;
      rewards += w * (reward[i] ?? NaN);
    }
    if (!(weights > 0)) return absent("all weights are 0");
    const value = rewards / weights;
    let squares = 0;
    for (let i = 0; i < weight.length; i++) {
      squares += ((weight[i] ?? NaN) * ((reward[i] ?? NaN) - value)) ** 2;
    }
    const error = Math.sqrt(squares) / weights;
    return withError({ value, error, n: weight.length }, rows, alpha);
  },
};
