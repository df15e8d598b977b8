import { computed, notComputable } from "../computed.ts";
import type { ExposureMetric } from "../metric.ts";

/**
 * How different the lists are: mean over unordered pairs of lists of
 * 1 - |A ∩ B| / k. Computed from the number of lists m that each item is in,
 * since the overlaps of all pairs sum to the sum of m (m - 1) / 2.
 * Zhou et al., Solving the apparent diversity-accuracy dilemma, PNAS 107 (2010), "personalization".
 * Range 0..1; empty lists take part. Not computable with fewer than two lists.
 */
export const personalisation: ExposureMetric = {
  kind: "exposure",
  name: "personalisation",
  cut: "required",
  better: "higher",
  range: [0, 1],
  value: (counts, _facts, k) => {
    const n = counts.listCount;
    if (n < 2) return notComputable("there are fewer than two lists");
    let shared = 0;
    for (const m of counts.lists.values()) shared += (m * (m - 1)) / 2;
    return computed(1 - shared / ((n * (n - 1)) / 2) / k);
  },
};
