import { createPool, type Pool } from "./pool.ts";

/** Why an item is marked; several may hold at once. */
export const MARK = {
  excluded: 1,
  shown: 2,
  seen: 4,
  anchor: 8,
  disliked: 16,
  included: 32,
  purchased: 64,
} as const;

/** Scores of one source over all positions of its artifact, zero where untouched. */
export interface DenseRow {
  readonly values: Float32Array;
  readonly touched: Int32Array;
  count: number;
}

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
  /** Room for one source at a time to choose its best in. */
  readonly positions: Int32Array;
  readonly values: Float32Array;
  readonly room: Float32Array;
  readonly rows: Map<string, DenseRow>;
}

export function createScratch(size: number): Scratch {
  return {
    size,
    marks: new Uint8Array(size),
    marked: [],
    slotOf: new Int32Array(size),
    pool: createPool(size),
    positions: new Int32Array(size),
    values: new Float32Array(size),
    room: new Float32Array(size),
    rows: new Map(),
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

/** The row of this owner, all zero. */
export function zeroRow(
  scratch: Scratch,
  owner: string,
  length: number,
): DenseRow {
  const row = scratch.rows.get(owner);
  if (row?.values.length === length) {
    const { values, touched } = row;
    for (let i = 0; i < row.count; i++) values[touched[i] ?? 0] = 0;
    row.count = 0;
    return row;
  }
  const fresh: DenseRow = {
    values: new Float32Array(length),
    touched: new Int32Array(length),
    count: 0,
  };
  scratch.rows.set(owner, fresh);
  return fresh;
}
