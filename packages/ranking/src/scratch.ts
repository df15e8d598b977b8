import { createPool, type Pool } from "./pool.ts";
import { createSparseRow, type SparseRow } from "./sparse-row.ts";

/** Why an item is marked; several may hold at once. */
export const MARK = {
  excluded: 1,
  shown: 2,
  seen: 4,
  anchor: 8,
  disliked: 16,
  included: 32,
  purchased: 64,
  capped: 128,
} as const;

/**
 * Arrays as long as the catalogue, made once and reused by every request of a
 * snapshot (ranking is synchronous, so no two requests meet here). What a
 * request wrote is undone entry by entry, never by clearing the whole.
 */
export interface Scratch {
  readonly size: number;
  /** Bits of MARK by catalogue position. */
  readonly marks: Uint8Array;
  readonly marked: number[];
  /** By catalogue position: 1 + number of its history item, within readHistory only. */
  readonly slotOf: Int32Array;
  readonly pool: Pool;
  /** Room for one source at a time to choose its best in; as long as the longest list of ids. */
  readonly positions: Int32Array;
  readonly values: Float32Array;
  readonly room: Float32Array;
  /** Sums by source. */
  readonly rows: Map<string, SparseRow>;
  /** Scores of all items by source, for those that score them all. */
  readonly dense: Map<string, Float32Array>;
}

/** `room` is the length of the longest list of ids that a source chooses from. */
export function createScratch(size: number, room: number): Scratch {
  return {
    size,
    marks: new Uint8Array(size),
    marked: [],
    slotOf: new Int32Array(size),
    pool: createPool(size),
    positions: new Int32Array(room),
    values: new Float32Array(room),
    room: new Float32Array(room),
    rows: new Map(),
    dense: new Map(),
  };
}

/** Adds a mark and returns whether the item had none of the kind before. */
export function mark(scratch: Scratch, position: number, bit: number): boolean {
  const before = scratch.marks[position] ?? 0;
  if (before === 0) scratch.marked.push(position);
  scratch.marks[position] = before | bit;
  return (before & bit) === 0;
}

/** Forgets the marks of the request before. */
export function clearMarks(scratch: Scratch): void {
  for (const position of scratch.marked) scratch.marks[position] = 0;
  scratch.marked.length = 0;
}

/** The table of sums of a source, with what its last request left in it. */
export function rowOf(scratch: Scratch, owner: string): SparseRow {
  const known = scratch.rows.get(owner);
  if (known !== undefined) return known;
  const row = createSparseRow();
  scratch.rows.set(owner, row);
  return row;
}

/** An array of a source for one score per item, with what its last request left in it. */
export function denseScores(
  scratch: Scratch,
  owner: string,
  length: number,
): Float32Array {
  const known = scratch.dense.get(owner);
  if (known?.length === length) return known;
  const scores = new Float32Array(length);
  scratch.dense.set(owner, scores);
  return scores;
}
