import { notComputable } from "../computed.ts";
import type { ExposureMetric } from "../metric.ts";
import { largestExposureRatio } from "./exposure-ratio.ts";

/**
 * The most favoured brand: over brands, the largest share of the shown slots
 * ÷ share of the catalogue; an item has one brand, items without one are ignored.
 * This product; the ratio of Singh, Joachims, Fairness of exposure in rankings, KDD (2018), with size as merit.
 * Range 1 (every brand as its share) .. ∞. Not computable without brands, or when nothing that has one was shown.
 */
export const brandExposureRatio: ExposureMetric = {
  kind: "exposure",
  name: "brand_exposure_ratio",
  cut: "optional",
  better: "lower",
  range: [1, Infinity],
  value: (counts, { catalogue, brands }) => {
    if (brands === undefined) return notComputable("no brands were given");
    return largestExposureRatio(counts, catalogue, (item) => {
      const brand = brands.get(item);
      return brand === undefined ? [] : [brand];
    });
  },
};
