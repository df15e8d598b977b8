/**
 * Mean over unordered pairs of places in the list of 1 - similarity (intra-list
 * distance); null with fewer than two items.
 */
export function meanPairDistance(
  items: readonly string[],
  similarity: (a: string, b: string) => number,
): number | null {
  const n = items.length;
  if (n < 2) return null;
  let sum = 0;
  for (const [i, a] of items.entries()) {
    for (const b of items.slice(i + 1)) sum += 1 - similarity(a, b);
  }
  return sum / ((n * (n - 1)) / 2);
}
