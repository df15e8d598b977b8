/** A list beside what its user wanted: what every accuracy metric is computed from. */
export interface JudgedList {
  /** Gain at each rank; 0 for items not wanted, and for an item that repeats. */
  readonly gains: readonly number[];
  /** Gains of all wanted items, largest first. */
  readonly relevant: readonly number[];
}

/**
 * Looks each listed item up in the truth (item → gain; gain > 0 is relevant).
 * null when nothing is relevant: the user has no score and is skipped.
 */
export function judgeList(
  ranking: readonly string[],
  truth: ReadonlyMap<string, number>,
): JudgedList | null {
  const relevant: number[] = [];
  for (const [item, gain] of truth) {
    if (!Number.isFinite(gain)) throw new Error(`gain of ${item} is ${gain}`);
    if (gain > 0) relevant.push(gain);
  }
  if (relevant.length === 0) return null;
  const used = new Set<string>();
  const gains = ranking.map((item) => {
    const gain = truth.get(item) ?? 0;
    if (gain <= 0 || used.has(item)) return 0;
    used.add(item);
    return gain;
  });
  return { gains, relevant: relevant.sort((a, b) => b - a) };
}

/** Number of relevant items among the first k. */
export function countHits(list: JudgedList, k: number): number {
  const end = Math.min(k, list.gains.length);
  let hits = 0;
  for (let i = 0; i < end; i++) if ((list.gains[i] ?? 0) > 0) hits++;
  return hits;
}
