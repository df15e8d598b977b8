import type { Arena, Room } from "./arena.ts";
import type { Pool } from "./pool.ts";

export interface Machine {
  readonly arena: Arena;
  readonly pool: Pool;
}

/** Numbers that a padded row has: whole panels of eight. */
export const LANE = 8;

/** Rows per partial sum, so that there are at most 32 of them; follows from the number of rows alone. */
function rowsPerSum(rows: number): number {
  return Math.max(1024, Math.ceil(rows / 32));
}

/** Partial sums in single precision over fixed stretches of rows, added in double precision in their order. */
export function gram(
  { arena, pool }: Machine,
  x: Float32Array,
  d: number,
): Float32Array {
  const count = d === 0 ? 0 : Math.floor(x.length / d);
  const wide = padded(d);
  const perChunk = rowsPerSum(count);
  const chunks = Math.ceil(count / perChunk);
  return arena.lend((room) => {
    const rows = paddedRows(room, x, { count, d, wide });
    const sums = room.f32(chunks * wide * wide);
    pool.run({
      kernel: "gramRows",
      chunks,
      words: [rows.byteOffset, count, wide * 4, perChunk, sums.byteOffset],
    });
    const whole = new Float32Array(d * d);
    for (let i = 0; i < d; i++) {
      for (let j = i; j < d; j++) {
        let sum = 0;
        for (let chunk = 0; chunk < chunks; chunk++) {
          sum += sums[(chunk * wide + i) * wide + j] ?? 0;
        }
        whole[i * d + j] = sum;
        whole[j * d + i] = sum;
      }
    }
    return whole;
  });
}

/** Four rows and eight axes at a time. */
export function turnRows(
  { arena, pool }: Machine,
  rows: Float32Array,
  turn: { readonly axes: Float64Array; readonly d: number },
): void {
  const { axes, d } = turn;
  const count = d === 0 ? 0 : Math.floor(rows.length / d);
  arena.lend((room) => {
    const wide = padded(d);
    const here = paddedRows(room, rows, { count, d, wide });
    const panels = room.f32(wide * wide);
    for (let j = 0; j < d; j++) {
      for (let k = 0; k < d; k++) {
        const panel = (k >> 3) * wide + j;
        panels[panel * LANE + (k & 7)] = axes[k * d + j] ?? 0;
      }
    }
    pool.run({
      kernel: "turnRows",
      chunks: Math.ceil(count / 256),
      words: [here.byteOffset, count, wide * 4, panels.byteOffset],
      scratchBytes: 8 * wide * 4,
    });
    unpad(here, rows, { count, d, wide });
  });
}

export function padded(d: number): number {
  return Math.ceil(d / LANE) * LANE;
}

interface Shape {
  readonly count: number;
  readonly d: number;
  /** Numbers of a padded row. */
  readonly wide: number;
}

/** The rows in the kernels' memory with zeros behind each; not copied when they are like that already. */
export function paddedRows(
  room: Room,
  rows: Float32Array,
  { count, d, wide }: Shape,
): Float32Array {
  if (wide === d) return room.here(rows);
  const copy = room.f32(count * wide);
  for (let row = 0; row < count; row++) {
    copy.set(rows.subarray(row * d, (row + 1) * d), row * wide);
  }
  return copy;
}

/** Brings back what `paddedRows` copied. */
export function unpad(
  from: Float32Array,
  rows: Float32Array,
  { count, d, wide }: Shape,
): void {
  if (from === rows) return;
  if (wide === d) {
    rows.set(from);
    return;
  }
  for (let row = 0; row < count; row++) {
    rows.set(from.subarray(row * wide, row * wide + d), row * d);
  }
}
