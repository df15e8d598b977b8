import { momentsOf } from "../experiments/sample-moments.ts";
import type { Estimator } from "./estimator.ts";
import { absent, withError } from "./value-estimate.ts";

/**
 * Self-normalised doubly robust: DM plus Σ w (r - q) ÷ Σ w; standard error by
 * the delta method.
 * Thomas, Brunskill, Data-efficient off-policy policy evaluation, ICML (2016).
 * Not computable when all weights are 0.
 */
export const sndr: Estimator = {
  name: "sndr",
  needsModel: true,
  unbiased: true,
  estimate: (rows, { alpha }) => {
    const { model, weight, reward } = rows;
    if (model === null) return absent("the rows hold no predicted rewards");
    const rest = reward.map((r, i) => r - (model.shown[i] ?? NaN));
    let [weights, corrections] = [0, 0];
    for (let i = 0; i < weight.length; i++) {
      const w = weight[i] ?? NaN;
      weights += w;
      corrections += w * (rest[i] ?? NaN);
    }
    if (!(weights > 0)) return absent("all weights are 0");
    const correction = corrections / weights;
    const n = weight.length;
    const influence = weight.map(
      (w, i) =>
        (model.direct[i] ?? NaN) +
        (n * w * ((rest[i] ?? NaN) - correction)) / weights,
    );
    const value = momentsOf(model.direct).mean + correction;
    const error = Math.sqrt(momentsOf(influence).variance / n);
    return withError({ value, error, n }, rows, alpha);
  },
};
