import type { ComputedNumber } from "@recsys/contracts";
import { computed, notComputable } from "../computed.ts";
import type { ExposureCounts } from "../exposure-counts.ts";

/** The largest share of the slots that a group takes ÷ its share of the catalogue; an item spreads its weight equally over its groups. */
export function largestExposureRatio(
  counts: ExposureCounts,
  catalogue: readonly string[],
  groupsOf: (item: string) => readonly string[],
): ComputedNumber {
  const offered = new Map(catalogue.map((item) => [item, 1]));
  const own = sharesOf(offered, groupsOf);
  const shown = sharesOf(
    new Map([...counts.slots].filter(([item]) => offered.has(item))),
    groupsOf,
  );
  if (shown.size === 0) {
    return notComputable("no catalogue item with a group was shown");
  }
  let most = 0;
  for (const [group, share] of shown) {
    most = Math.max(most, share / (own.get(group) ?? NaN));
  }
  return computed(most);
}

function sharesOf(
  weights: ReadonlyMap<string, number>,
  groupsOf: (item: string) => readonly string[],
): Map<string, number> {
  const sums = new Map<string, number>();
  let total = 0;
  for (const [item, weight] of weights) {
    const groups = groupsOf(item);
    for (const group of groups) {
      sums.set(group, (sums.get(group) ?? 0) + weight / groups.length);
    }
    if (groups.length > 0) total += weight;
  }
  for (const [group, sum] of sums) sums.set(group, sum / total);
  return sums;
}
