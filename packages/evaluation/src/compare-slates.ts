import type { ComputedNumber } from "@recsys/contracts";
import { computed, notComputable } from "./computed.ts";

/** What changed from slate `a` to slate `b`. Ranks are 1-based. */
export interface SlateComparison {
  readonly identical: boolean;
  /** |A ∩ B| / max(|A|, |B|); not computable when both are empty. */
  readonly overlap: ComputedNumber;
  /** Kendall's tau over the items in both; not computable with fewer than two of them. */
  readonly kendallTau: ComputedNumber;
  readonly gained: readonly { readonly itemId: string; readonly to: number }[];
  readonly lost: readonly { readonly itemId: string; readonly from: number }[];
  readonly moved: readonly {
    readonly itemId: string;
    readonly from: number;
    readonly to: number;
  }[];
}

/**
 * Compares two slates of item ids, best first. The rank correlation is
 * Kendall's tau over the shared items: (concordant - discordant pairs) / all
 * pairs, 1 for the same order, -1 for the reverse; it says nothing of items
 * gained or lost, which `overlap` does. A repeated item counts where it is first.
 */
export function compareSlates(
  a: readonly string[],
  b: readonly string[],
): SlateComparison {
  const before = ranks(a);
  const after = ranks(b);
  const shared: { itemId: string; from: number; to: number }[] = [];
  const lost: { itemId: string; from: number }[] = [];
  for (const [itemId, from] of before) {
    const to = after.get(itemId);
    if (to === undefined) lost.push({ itemId, from });
    else shared.push({ itemId, from, to });
  }
  const gained = [...after]
    .filter(([itemId]) => !before.has(itemId))
    .map(([itemId, to]) => ({ itemId, to }));
  return {
    identical: a.length === b.length && a.every((item, i) => item === b[i]),
    overlap: overlap(shared.length, Math.max(before.size, after.size)),
    kendallTau: kendallTau(shared.map(({ to }) => to)),
    gained,
    lost,
    moved: shared.filter(({ from, to }) => from !== to),
  };
}

function ranks(slate: readonly string[]): Map<string, number> {
  const positions = new Map<string, number>();
  for (const item of slate) {
    if (!positions.has(item)) positions.set(item, positions.size + 1);
  }
  return positions;
}

function overlap(shared: number, size: number): ComputedNumber {
  if (size === 0) return notComputable("both slates are empty");
  return computed(shared / size);
}

/** `order`: new ranks in the old order; ranks are distinct, so tau-a and tau-b agree. */
function kendallTau(order: readonly number[]): ComputedNumber {
  const n = order.length;
  if (n < 2) return notComputable("fewer than two items are in both slates");
  let balance = 0;
  for (const [i, first] of order.entries()) {
    for (const second of order.slice(i + 1)) balance += first < second ? 1 : -1;
  }
  return computed(balance / ((n * (n - 1)) / 2));
}
