export interface TasteDivergence {
  /** Divergence in nats; null when the history names no category. */
  readonly kl: number | null;
  readonly p: ReadonlyMap<string, number>;
  readonly q: ReadonlyMap<string, number>;
}

/** The divergence with its two distributions; `rankWeights` weight the list only, absent weights are 1. */
export function tasteDivergence(o: {
  readonly history: readonly string[];
  readonly items: readonly string[];
  readonly categories: ReadonlyMap<string, readonly string[]>;
  readonly alpha: number;
  readonly rankWeights?: readonly number[];
}): TasteDivergence {
  const p = distribution(o.history, o.categories, () => 1);
  const q = distribution(o.items, o.categories, (i) =>
    o.rankWeights === undefined ? 1 : (o.rankWeights[i] ?? 0),
  );
  if (p.size === 0) return { kl: null, p, q };
  let kl = 0;
  for (const [category, share] of p) {
    const mixed = (1 - o.alpha) * (q.get(category) ?? 0) + o.alpha * share;
    kl += share * Math.log(share / mixed);
  }
  // Equal distributions may differ from 0 by a rounding error below it.
  return { kl: Math.max(0, kl), p, q };
}

function distribution(
  items: readonly string[],
  categories: ReadonlyMap<string, readonly string[]>,
  weight: (position: number) => number,
): Map<string, number> {
  const sums = new Map<string, number>();
  let total = 0;
  for (const [i, item] of items.entries()) {
    const own = categories.get(item) ?? [];
    if (own.length === 0) continue;
    total += weight(i);
    for (const category of own) {
      sums.set(category, (sums.get(category) ?? 0) + weight(i) / own.length);
    }
  }
  if (total <= 0) return new Map();
  for (const [category, sum] of sums) sums.set(category, sum / total);
  return sums;
}
