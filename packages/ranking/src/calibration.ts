import type { Anchor } from "./history.ts";

/** How much of the taste itself is mixed into the list, so that no category of it has a share of zero (Steck's α). */
const SMOOTHING = 0.01;

/** Shares of the categories in what a person likes; they sum to 1. Null where nothing tells. */
export type Taste = ReadonlyMap<number, number>;

/** The distribution of the person's positive anchors over categories, by their weights. */
export function tasteOf(
  tastes: readonly Anchor[],
  category: Int32Array,
): Taste | null {
  const weights = new Map<number, number>();
  let sum = 0;
  for (const { position, weight } of tastes) {
    const word = category[position] ?? 0;
    if (weight <= 0 || word === 0) continue;
    weights.set(word, (weights.get(word) ?? 0) + weight);
    sum += weight;
  }
  if (sum === 0) return null;
  return new Map([...weights].map(([word, weight]) => [word, weight / sum]));
}

/** The categories of a list so far, against a taste. */
export interface Calibration {
  /** How far the list is from the taste: Kullback-Leibler divergence in nats, 0 where it fits. */
  divergence(): number;
  /** The divergence if the list had one more item of this category. */
  with(category: number): number;
  add(category: number): void;
}

/**
 * Calibrated recommendations (Steck, 2018): KL(p ‖ q̃) of the taste p and the
 * list q, with q̃ = (1 − α) q + α p, over the categories of the taste.
 */
export function createCalibration(taste: Taste): Calibration {
  const counts = new Map<number, number>();
  let items = 0;
  const term = (share: number, count: number, of: number): number => {
    const listed = of === 0 ? 0 : count / of;
    const mixed = (1 - SMOOTHING) * listed + SMOOTHING * share;
    return share * Math.log(share / mixed);
  };
  const total = (of: number): number => {
    let sum = 0;
    for (const [word, share] of taste) {
      sum += term(share, counts.get(word) ?? 0, of);
    }
    return sum;
  };
  // The same for all candidates of a step, but for the one category.
  let next: number | null = null;
  return {
    divergence: () => total(items),
    with(category) {
      next ??= total(items + 1);
      const share = taste.get(category);
      if (share === undefined) return next;
      const count = counts.get(category) ?? 0;
      const without = term(share, count, items + 1);
      return next - without + term(share, count + 1, items + 1);
    },
    add(category) {
      counts.set(category, (counts.get(category) ?? 0) + 1);
      items++;
      next = null;
    },
  };
}

/** The divergence of a whole list; null for an empty one. */
export function divergenceOf(
  taste: Taste,
  categories: readonly number[],
): number | null {
  if (categories.length === 0) return null;
  const calibration = createCalibration(taste);
  for (const category of categories) calibration.add(category);
  return calibration.divergence();
}
