import { computed, notComputable } from "../computed.ts";
import { catalogueSlots } from "../exposure-counts.ts";
import type { ExposureMetric } from "../metric.ts";

/**
 * Inequality of exposure over the whole catalogue, items never shown included:
 * with counts x ascending, sum of (2i - n - 1) x_i / (n · sum of x), i = 1..n.
 * Shani, Gunawardana, Evaluating recommendation systems (2011), 8.3.3.
 * Range 0 (all equal) .. (n - 1)/n (one item takes all). Not computable when nothing of the catalogue was shown.
 */
export const gini: ExposureMetric = {
  kind: "exposure",
  name: "gini",
  cut: "optional",
  better: "lower",
  range: [0, 1],
  value: (counts, facts) => {
    const x = catalogueSlots(counts, facts.catalogue).sort((a, b) => a - b);
    const n = x.length;
    let total = 0;
    let weighted = 0;
    for (const [i, count] of x.entries()) {
      total += count;
      weighted += (2 * (i + 1) - n - 1) * count;
    }
    if (total === 0) return notComputable("no catalogue item was shown");
    return computed(weighted / (n * total));
  },
};
