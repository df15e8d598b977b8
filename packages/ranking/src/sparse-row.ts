/**
 * Sums by item of one source, as an open-addressed table: as large as what a
 * user's history touches, not as the catalogue, so that it stays in the
 * processor's nearest cache. Reused from request to request.
 */
export interface SparseRow {
  keys: Int32Array;
  sums: Float32Array;
  /** Largest single addend and the number of the anchor that it came from. */
  largest: Float32Array;
  from: Int32Array;
  /** Slots in use, in the order of first touch. */
  slots: Int32Array;
  count: number;
  mask: number;
}

const FREE = -1;

export function createSparseRow(): SparseRow {
  return { ...tables(1024), count: 0, mask: 1023 };
}

function tables(size: number) {
  return {
    keys: new Int32Array(size).fill(FREE),
    sums: new Float32Array(size),
    largest: new Float32Array(size),
    from: new Int32Array(size),
    slots: new Int32Array(size),
  };
}

/** Empties the row and makes room for `additions` without growing on the way. */
export function clearSparseRow(row: SparseRow, additions: number): void {
  const { keys, slots } = row;
  for (let i = 0; i < row.count; i++) keys[slots[i] ?? 0] = FREE;
  row.count = 0;
  let size = row.mask + 1;
  if (size >= additions * 2) return;
  while (size < additions * 2) size *= 2;
  Object.assign(row, tables(size));
  row.mask = size - 1;
}

/** The slot of a key: its own, or the free one where it would stand. */
export function slotOf(row: SparseRow, key: number): number {
  const { keys, mask } = row;
  let slot = hash(key) & mask;
  for (;;) {
    const found = keys[slot];
    if (found === key || found === FREE) return slot;
    slot = (slot + 1) & mask;
  }
}

/** Entries to add for one anchor: `items[i]` with `weight` × `scores[i]`, from `start` to `end`. */
export interface Addends {
  readonly items: Int32Array;
  readonly scores: Float32Array;
  readonly start: number;
  readonly end: number;
  readonly weight: number;
  readonly anchor: number;
}

/** Adds what is above zero and remembers which anchor added most to each item. */
export function addAll(row: SparseRow, addends: Addends): void {
  const { keys, sums, largest, from, slots, mask } = row;
  const { items, scores, end, weight, anchor } = addends;
  let { count } = row;
  for (let i = addends.start; i < end; i++) {
    const key = items[i] ?? 0;
    const value = weight * (scores[i] ?? 0);
    if (!(value > 0)) continue;
    let slot = hash(key) & mask;
    let found = keys[slot] ?? FREE;
    while (found !== key && found !== FREE) {
      slot = (slot + 1) & mask;
      found = keys[slot] ?? FREE;
    }
    if (found === FREE) {
      keys[slot] = key;
      sums[slot] = value;
      largest[slot] = value;
      from[slot] = anchor;
      slots[count++] = slot;
      continue;
    }
    sums[slot] = (sums[slot] ?? 0) + value;
    if (value > (largest[slot] ?? 0)) {
      largest[slot] = value;
      from[slot] = anchor;
    }
  }
  row.count = count;
}

/** Fibonacci hashing: neighbours in number are far apart in the table. */
function hash(key: number): number {
  return Math.imul(key, 0x9e3779b1) >>> 12;
}

/** Takes from a key that is there; one that is not stays away. */
export function takeFrom(row: SparseRow, key: number, value: number): void {
  const slot = slotOf(row, key);
  if (row.keys[slot] !== FREE) row.sums[slot] = (row.sums[slot] ?? 0) - value;
}

/** The sum of a key, 0 where it is not there. */
export function sumAt(row: SparseRow, key: number): number {
  const slot = slotOf(row, key);
  return row.keys[slot] === key ? (row.sums[slot] ?? 0) : 0;
}
