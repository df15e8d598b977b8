import type { JudgedList } from "../judged-list.ts";

/**
 * Normalised discounted cumulative gain: sum over ranks of value(gain) /
 * log2(rank + 1), divided by the same sum for all relevant items in the best
 * order, cut at k. `value` turns a gain > 0 into what it is worth.
 */
export function normalisedDiscountedGain(
  list: JudgedList,
  k: number,
  value: (gain: number) => number,
): number {
  return (
    discountedSum(list.gains, k, value) / discountedSum(list.relevant, k, value)
  );
}

function discountedSum(
  gains: readonly number[],
  k: number,
  value: (gain: number) => number,
): number {
  const end = Math.min(k, gains.length);
  let sum = 0;
  for (let i = 0; i < end; i++) {
    const gain = gains[i] ?? 0;
    if (gain > 0) sum += value(gain) / Math.log2(i + 2);
  }
  return sum;
}
