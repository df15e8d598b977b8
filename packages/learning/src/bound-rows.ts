import { hashSeed } from "@recsys/contracts";
import type { SparseRows } from "./sparse-rows.ts";

/**
 * Rows longer than `limit` cut to `limit` entries: the largest values, and
 * among equals an even-handed draw by a hash of item id and the row's own
 * content, so that no item is favoured over all rows, the alphabet least of
 * all, and neither row order nor user labels matter.
 */
export function boundRows(
  rows: SparseRows,
  limit: number,
  ids: readonly string[],
): SparseRows {
  const { offsets, columns, values } = rows;
  const longest = offsets.reduce(
    (max, end, i) => Math.max(max, end - (offsets[i - 1] ?? 0)),
    0,
  );
  if (longest <= limit) return rows;
  const ranks = ids.map(hashSeed);
  const kept: number[] = [];
  const ends = [0];
  for (let row = 0; row + 1 < offsets.length; row++) {
    const start = offsets[row] ?? 0;
    const end = offsets[row + 1] ?? 0;
    const entries = Array.from({ length: end - start }, (_, i) => start + i);
    if (entries.length > limit) {
      const seed = rowSeed(columns.subarray(start, end), ranks);
      const draw = (entry: number) =>
        mix((ranks[columns[entry] ?? 0] ?? 0) ^ seed);
      entries.sort(
        (a, b) =>
          (values[b] ?? 0) - (values[a] ?? 0) || draw(a) - draw(b) || a - b,
      );
      entries.length = limit;
      entries.sort((a, b) => a - b);
    }
    for (const entry of entries) kept.push(entry);
    ends.push(kept.length);
  }
  return {
    columnCount: rows.columnCount,
    offsets: Int32Array.from(ends),
    columns: Int32Array.from(kept, (entry) => columns[entry] ?? 0),
    values: Float64Array.from(kept, (entry) => values[entry] ?? 0),
  };
}

/** The same for the same set of items. */
function rowSeed(items: Int32Array, ranks: readonly number[]): number {
  let seed = items.length;
  for (const item of items) seed = (seed + mix(ranks[item] ?? 0)) | 0;
  return mix(seed);
}

/** The murmur3 avalanche, as an unsigned number. */
export function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
