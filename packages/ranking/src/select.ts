import { compareIds } from "./catalogue.ts";

/** Positions with their values, of which the best are wanted. */
export interface Shortlist {
  readonly positions: Int32Array;
  readonly values: Float32Array | Float64Array;
  /** Room to reorder the values in; as long as they. */
  readonly room: Float32Array | Float64Array;
}

/**
 * Moves the `limit` largest of the first `count` entries to the front (in no
 * particular order) and returns how many there are. A tie at the cut goes to
 * the smaller item id, never to the smaller position.
 */
export function keepLargest(
  list: Shortlist,
  count: number,
  cut: { readonly limit: number; readonly ids: readonly string[] },
): number {
  const { positions, values, room } = list;
  if (count <= cut.limit) return count;
  if (cut.limit <= 0) return 0;
  for (let i = 0; i < count; i++) room[i] = values[i] ?? 0;
  const threshold = nthLargest(room, count, cut.limit);
  const ties: number[] = [];
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i] ?? 0;
    const position = positions[i] ?? 0;
    if (value === threshold) ties.push(position);
    if (!(value > threshold)) continue;
    positions[kept] = position;
    values[kept] = value;
    kept++;
  }
  if (kept + ties.length > cut.limit) {
    ties.sort((a, b) => compareIds(cut.ids, a, b));
  }
  for (const position of ties) {
    if (kept === cut.limit) break;
    positions[kept] = position;
    values[kept] = threshold;
    kept++;
  }
  return kept;
}

/**
 * The n-th largest (1-based) of the first `count` values, which are
 * reordered. Quickselect with the median of three: expected linear time.
 */
export function nthLargest(
  values: Float32Array | Float64Array,
  count: number,
  n: number,
): number {
  let low = 0;
  let high = count - 1;
  const target = n - 1;
  while (low < high) {
    const pivot = medianOfThree(
      values[low] ?? 0,
      values[(low + high) >>> 1] ?? 0,
      values[high] ?? 0,
    );
    let i = low;
    let j = high;
    while (i <= j) {
      while ((values[i] ?? 0) > pivot) i++;
      while ((values[j] ?? 0) < pivot) j--;
      if (i > j) break;
      const swap = values[i] ?? 0;
      values[i] = values[j] ?? 0;
      values[j] = swap;
      i++;
      j--;
    }
    if (target <= j) high = j;
    else if (target >= i) low = i;
    else break;
  }
  return values[target] ?? 0;
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
