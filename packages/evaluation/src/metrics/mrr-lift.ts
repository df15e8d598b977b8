import type { RatioMetric } from "../metric.ts";
import { liftOver } from "./lift-over-unseen-popularity.ts";
import { mrr } from "./mrr.ts";

/**
 * Relative gain in MRR over showing everybody the most popular items that
 * are new to them: Σ MRR(list) ÷ Σ MRR(unseen popularity) - 1.
 * This product, as `ndcg_lift`.
 * Range -1..∞. Users for whom nothing is relevant are left out; not computable when the popular lists score 0.
 */
export const mrrLift: RatioMetric = {
  kind: "ratio",
  name: "mrr_lift",
  cut: "required",
  better: "higher",
  range: [-1, Infinity],
  parts: liftOver(mrr),
};
