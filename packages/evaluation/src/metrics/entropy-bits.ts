import { computed, notComputable } from "../computed.ts";
import { catalogueSlots } from "../exposure-counts.ts";
import type { ExposureMetric } from "../metric.ts";

/**
 * Shannon entropy of the exposure shares of the catalogue's items, in bits: -sum of s log2 s.
 * Shani, Gunawardana, Evaluating recommendation systems (2011), 8.3.3.
 * Range 0 (one item takes all) .. log2(catalogue size). Not computable when nothing of the catalogue was shown.
 */
export const entropyBits: ExposureMetric = {
  kind: "exposure",
  name: "entropy_bits",
  cut: "optional",
  better: "higher",
  range: [0, Infinity],
  value: (counts, facts) => {
    const x = catalogueSlots(counts, facts.catalogue);
    const total = x.reduce((sum, count) => sum + count, 0);
    if (total === 0) return notComputable("no catalogue item was shown");
    let bits = 0;
    for (const count of x) {
      if (count > 0) bits -= (count / total) * Math.log2(count / total);
    }
    return computed(bits);
  },
};
