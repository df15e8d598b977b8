import type { RatioMetric } from "../metric.ts";
import { liftOver } from "./lift-over-unseen-popularity.ts";
import { ndcgBinary } from "./ndcg-binary.ts";

/**
 * Relative gain in NDCG over showing everybody the most popular items that
 * are new to them: Σ NDCG(list) ÷ Σ NDCG(unseen popularity) - 1.
 * This product, after Dacrema, Cremonesi, Jannach, RecSys (2019): a model must beat the simple one.
 * Range -1..∞. Users for whom nothing is relevant are left out; not computable when the popular lists score 0.
 */
export const ndcgLift: RatioMetric = {
  kind: "ratio",
  name: "ndcg_lift",
  cut: "required",
  better: "higher",
  range: [-1, Infinity],
  parts: liftOver(ndcgBinary),
};
