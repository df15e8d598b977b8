import { absent, meanOfTerms, type ValueEstimate } from "./value-estimate.ts";
import type { WeightedRows } from "./weighted-rows.ts";

/** Mean of weight(w) · reward. */
export function weightedReward(
  rows: WeightedRows,
  alpha: number,
  reweigh: (w: number) => number,
): ValueEstimate {
  const terms = rows.weight.map((w, i) => reweigh(w) * (rows.reward[i] ?? NaN));
  return meanOfTerms(terms, rows, alpha);
}

/** Mean of the model's value plus weight(w) · (reward - prediction). */
export function correctedModel(
  rows: WeightedRows,
  alpha: number,
  reweigh: (w: number) => number,
): ValueEstimate {
  const { model } = rows;
  if (model === null) return absent("the rows hold no predicted rewards");
  const terms = rows.weight.map(
    (w, i) =>
      (model.direct[i] ?? NaN) +
      reweigh(w) * ((rows.reward[i] ?? NaN) - (model.shown[i] ?? NaN)),
  );
  return meanOfTerms(terms, rows, alpha);
}
