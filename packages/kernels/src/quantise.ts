import type { Room } from "./compiled/arena.ts";

/** Rows as bytes: x ≈ scale · code, and how far a product may be off. */
export interface ByteRows {
  readonly codes: Int8Array;
  /** Bytes of a row, a multiple of 16. */
  readonly wide: number;
  readonly scales: Float32Array;
  /** Per unit of the query's length: |x·q − approximation| ≤ slack |q|. -1 behind the last row. */
  readonly slacks: Float32Array;
}

/** Largest code of a query: products and sums of all numbers of a row stay below 2³¹. */
function mostOfQuery(d: number): number {
  return Math.min(32767, Math.floor((2 ** 31 - 1) / (127 * Math.max(1, d))));
}

/**
 * Each row scaled so that its largest number is 127. With x = x̂ + e and the
 * query q = q̂ + f: x·q − x̂·q̂ = e·q + x̂·f, at most |e||q| + |x̂||f|
 * (Cauchy–Schwarz), where |f| ≤ |q| √d / (2 most). What single precision adds
 * is within d 2⁻²² |x||q|.
 */
export function quantiseRows(
  matrix: Float32Array,
  o: { readonly count: number; readonly wide: number; readonly room: Room },
): ByteRows {
  const { count, wide: d, room } = o;
  const wide = Math.ceil(d / 16) * 16;
  const rows = Math.ceil(count / 4) * 4;
  const bytes = room.bytes(rows * wide);
  const codes = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  const scales = room.f32(rows);
  const slacks = room.f32(rows).fill(-1);
  const ofQuery = Math.sqrt(d) / (2 * mostOfQuery(d));
  for (let row = 0; row < count; row++) {
    let largest = 0;
    let squared = 0;
    for (let j = row * d; j < (row + 1) * d; j++) {
      const x = matrix[j] ?? 0;
      largest = Math.max(largest, Math.abs(x));
      squared += x * x;
    }
    const scale = Math.fround(largest / 127);
    let missed = 0;
    for (let j = 0; j < d; j++) {
      const x = matrix[row * d + j] ?? 0;
      const code = scale > 0 ? nearest(x / scale, 127) : 0;
      codes[row * wide + j] = code;
      missed += (x - code * scale) ** 2;
    }
    const off = Math.sqrt(missed);
    const length = Math.sqrt(squared);
    scales[row] = scale;
    slacks[row] =
      1.000001 *
      (off + (length + off) * ofQuery + length * d * 2 ** -22 + 1e-37);
  }
  return { codes, wide, scales, slacks };
}

/** A query as 16-bit numbers, with its scale and its length rounded up. */
export function quantiseQuery(
  query: Float32Array,
  room: Room,
): {
  readonly codes: Int16Array;
  readonly scale: number;
  readonly length: number;
} {
  const d = query.length;
  const bytes = room.bytes(Math.ceil(d / 16) * 32);
  const codes = new Int16Array(bytes.buffer, bytes.byteOffset, d);
  const most = mostOfQuery(d);
  let largest = 0;
  let squared = 0;
  for (const x of query) {
    largest = Math.max(largest, Math.abs(x));
    squared += x * x;
  }
  const scale = Math.fround(largest / most);
  query.forEach((x, j) => {
    codes[j] = scale > 0 ? nearest(x / scale, most) : 0;
  });
  return { codes, scale, length: Math.sqrt(squared) * 1.000001 };
}

function nearest(x: number, most: number): number {
  return Math.max(-most, Math.min(most, Math.round(x)));
}
