import { computed, notComputable } from "../computed.ts";
import type { ExposureMetric } from "../metric.ts";

/**
 * Mean self-information of the shown slots: -log2(max(c, 1) / n), where c of
 * the n training users have the item.
 * Zhou et al., Solving the apparent diversity-accuracy dilemma, PNAS 107 (2010).
 * Range 0..log2 n. Unseen items count as seen once. Not computable without slots or training users.
 */
export const noveltyBits: ExposureMetric = {
  kind: "exposure",
  name: "novelty_bits",
  cut: "optional",
  better: "higher",
  range: [0, Infinity],
  value: (counts, { trainCounts, nUsers }) => {
    if (counts.slotCount === 0) return notComputable("nothing was shown");
    if (nUsers <= 0) return notComputable("there are no training users");
    let bits = 0;
    for (const [item, slots] of counts.slots) {
      const seen = Math.max(trainCounts.get(item) ?? 0, 1);
      bits -= slots * Math.log2(seen / nUsers);
    }
    return computed(bits / counts.slotCount);
  },
};
