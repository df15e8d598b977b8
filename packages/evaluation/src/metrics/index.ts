import type { Metric } from "../metric.ts";
import { ap } from "./ap.ts";
import { auc } from "./auc.ts";
import { brandExposureRatio } from "./brand-exposure-ratio.ts";
import { calibrationKl } from "./calibration-kl.ts";
import { catalogueCoverage } from "./catalogue-coverage.ts";
import { categoryExposureRatio } from "./category-exposure-ratio.ts";
import { emptyRate } from "./empty-rate.ts";
import { entropyBits } from "./entropy-bits.ts";
import { gauc } from "./gauc.ts";
import { gini } from "./gini.ts";
import { hit } from "./hit.ts";
import { ildCosine } from "./ild-cosine.ts";
import { ildJaccard } from "./ild-jaccard.ts";
import { longTailShare } from "./long-tail-share.ts";
import { meanPopularity } from "./mean-popularity.ts";
import { mrrLift } from "./mrr-lift.ts";
import { mrr } from "./mrr.ts";
import { ndcgBinary } from "./ndcg-binary.ts";
import { ndcgExp } from "./ndcg-exp.ts";
import { ndcgLift } from "./ndcg-lift.ts";
import { ndcgLinear } from "./ndcg-linear.ts";
import { noveltyBits } from "./novelty-bits.ts";
import { personalisation } from "./personalisation.ts";
import { popularityBias } from "./popularity-bias.ts";
import { precision } from "./precision.ts";
import { rPrecision } from "./r-precision.ts";
import { recall } from "./recall.ts";
import { serendipity } from "./serendipity.ts";

/** Every metric of the product; docs/concepts-and-metrics.md defines each of them. */
export const METRICS: readonly Metric[] = [
  precision,
  recall,
  hit,
  mrr,
  ap,
  ndcgBinary,
  ndcgLinear,
  ndcgExp,
  rPrecision,
  auc,
  gauc,
  ndcgLift,
  mrrLift,
  serendipity,
  ildJaccard,
  ildCosine,
  calibrationKl,
  popularityBias,
  catalogueCoverage,
  gini,
  entropyBits,
  noveltyBits,
  meanPopularity,
  longTailShare,
  brandExposureRatio,
  categoryExposureRatio,
  personalisation,
  emptyRate,
];

/** Names that people use for one of the metrics above. */
export const METRIC_ALIASES: Readonly<Record<string, string>> = {
  ndcg: "ndcg_binary",
  map: "ap",
  hit_rate: "hit",
};
