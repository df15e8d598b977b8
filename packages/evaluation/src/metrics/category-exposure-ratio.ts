import { notComputable } from "../computed.ts";
import type { ExposureMetric } from "../metric.ts";
import { largestExposureRatio } from "./exposure-ratio.ts";

/**
 * The most favoured category: over categories, the largest share of the shown slots
 * ÷ share of the catalogue; an item spreads its weight equally over its categories, items without one are ignored.
 * This product; the ratio of Singh, Joachims, Fairness of exposure in rankings, KDD (2018), with size as merit.
 * Range 1 (every category as its share) .. ∞. Not computable without categories, or when nothing that has one was shown.
 */
export const categoryExposureRatio: ExposureMetric = {
  kind: "exposure",
  name: "category_exposure_ratio",
  cut: "optional",
  better: "lower",
  range: [1, Infinity],
  value: (counts, { catalogue, categories }) => {
    if (categories === undefined)
      return notComputable("no categories were given");
    return largestExposureRatio(
      counts,
      catalogue,
      (item) => categories.get(item) ?? [],
    );
  },
};
