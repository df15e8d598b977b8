import { computed, notComputable } from "../computed.ts";
import type { CatalogueFacts, ExposureMetric } from "../metric.ts";

const HEAD_SHARE = 0.2;

/**
 * Share of the shown slots outside the head: the ceil(0.2 · catalogue size)
 * catalogue items with the most training users (ties by id).
 * Abdollahpouri, Burke, Mobasher, Managing popularity bias, FLAIRS (2019), "average percentage of long-tail items".
 * Range 0..1. Items outside the catalogue are outside the head. Not computable when nothing was shown.
 */
export const longTailShare: ExposureMetric = {
  kind: "exposure",
  name: "long_tail_share",
  cut: "optional",
  better: "higher",
  range: [0, 1],
  value: (counts, facts) => {
    if (counts.slotCount === 0) return notComputable("nothing was shown");
    let inHead = 0;
    for (const item of headItems(facts)) inHead += counts.slots.get(item) ?? 0;
    return computed(1 - inHead / counts.slotCount);
  },
};

function headItems({ catalogue, trainCounts }: CatalogueFacts): string[] {
  const count = (item: string) => trainCounts.get(item) ?? 0;
  return [...catalogue]
    .sort((a, b) => count(b) - count(a) || (a < b ? -1 : a > b ? 1 : 0))
    .slice(0, Math.ceil(HEAD_SHARE * catalogue.length));
}
