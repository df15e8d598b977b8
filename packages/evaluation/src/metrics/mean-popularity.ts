import { computed, notComputable } from "../computed.ts";
import type { ExposureMetric } from "../metric.ts";

/**
 * Mean number of training users over the shown slots (average recommendation popularity).
 * Yin et al., Challenging the long tail recommendation, VLDB (2012).
 * Range 0..training users; lower means less bias to what is popular already. Not computable when nothing was shown.
 */
export const meanPopularity: ExposureMetric = {
  kind: "exposure",
  name: "mean_popularity",
  cut: "optional",
  better: "lower",
  range: [0, Infinity],
  value: (counts, { trainCounts }) => {
    if (counts.slotCount === 0) return notComputable("nothing was shown");
    let sum = 0;
    for (const [item, slots] of counts.slots) {
      sum += slots * (trainCounts.get(item) ?? 0);
    }
    return computed(sum / counts.slotCount);
  },
};
