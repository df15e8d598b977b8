import type { Scan, ScanKind, ScoredEntries } from "@recsys/contracts";
import { quantiseQuery, quantiseRows } from "../quantise.ts";
import { requireRows, requireQuery } from "../require-rows.ts";
import { createArena, type Room } from "./arena.ts";
import { padded, paddedRows, type Machine } from "./dense.ts";
import { createPool } from "./pool.ts";

/** Rows of one call of the compiled kernels. */
const CHUNK = 8192;

type Best = Omit<ScoredEntries, "offsets">;

interface Task {
  readonly room: Room;
  readonly query: Float32Array;
  readonly k: number;
}

/**
 * A copy of the rows in a memory of their own, searched by one thread: a
 * search takes milliseconds and many run beside each other. `bytes` reads one
 * byte a number, keeps each row that a bound of its rounding error cannot rule
 * out, and computes those again exactly, so that both kinds give the same bits.
 */
export function createScan(
  module: WebAssembly.Module,
  rows: Float32Array,
  as: { readonly d: number; readonly kind: ScanKind },
): Scan {
  const { d, kind } = as;
  const count = requireRows(rows, d);
  const arena = createArena();
  const machine = { arena, pool: createPool(module, arena, 1) };
  const wide = padded(d);
  const matrix = paddedRows(arena.keep(), rows, { count, d, wide });
  const kept = { matrix, count, wide };
  const search = { floats: floatSearch, bytes: byteSearch }[kind](
    machine,
    kept,
  );
  return {
    rows: count,
    dimension: d,
    best(query, k) {
      requireQuery(query, d);
      const most = Math.max(0, Math.min(k, count));
      if (most === 0) return nothing();
      return arena.lend((room) => {
        const vector = room.f32(wide);
        vector.set(query);
        return search({ room, query: vector, k: most });
      });
    },
  };
}

function nothing(): Best {
  return { positions: new Int32Array(0), scores: new Float32Array(0) };
}

interface Kept {
  readonly matrix: Float32Array;
  readonly count: number;
  readonly wide: number;
}

function floatSearch({ pool }: Machine, kept: Kept): (task: Task) => Best {
  const { matrix, count, wide } = kept;
  return ({ room, query, k }) => {
    const heap = heapOf(room, k);
    pool.run({
      kernel: "scanFloats",
      chunks: Math.ceil(count / CHUNK),
      words: [
        matrix.byteOffset,
        count,
        wide * 4,
        query.byteOffset,
        0,
        ...heap.words,
      ],
    });
    return heap.sorted(pool.word(8));
  };
}

function byteSearch(
  { arena, pool }: Machine,
  { matrix, count, wide }: Kept,
): (task: Task) => Best {
  const rows = quantiseRows(matrix, { count, wide, room: arena.keep() });
  return (task) => {
    const { k } = task;
    const heap = heapOf(task.room, k);
    const query = quantiseQuery(task.query, task.room);
    const candidates = task.room.i32(count);
    const uppers = task.room.f32(count);
    pool.run({
      kernel: "scanBytes",
      chunks: Math.ceil(count / CHUNK),
      words: [
        rows.codes.byteOffset,
        count,
        rows.wide,
        query.codes.byteOffset,
        rows.scales.byteOffset,
        ...heap.words,
        rows.slacks.byteOffset,
        0,
        0,
        candidates.byteOffset,
        uppers.byteOffset,
        0,
      ],
      floats: { 10: query.scale, 11: query.length },
    });
    const kept = pool.word(8);
    const least = kept < k ? -Infinity : (heap.scores[0] ?? 0);
    const number = pool.word(14);
    const exact = heapOf(task.room, k);
    pool.run({
      kernel: "rankExactly",
      chunks: 1,
      words: [
        matrix.byteOffset,
        count,
        wide * 4,
        task.query.byteOffset,
        0,
        ...exact.words,
        0,
        candidates.byteOffset,
        uppers.byteOffset,
        number,
      ],
      floats: { 9: least },
    });
    return exact.sorted(pool.word(8));
  };
}

/** Words 5 to 8 of a scan: scores, positions, k, kept. */
function heapOf(room: Room, k: number) {
  const scores = room.f32(k);
  const positions = room.i32(k);
  return {
    scores,
    words: [scores.byteOffset, positions.byteOffset, k, 0],
    sorted(size: number): Best {
      const order = Array.from({ length: size }, (_, i) => i).sort(
        (a, b) =>
          (scores[b] ?? 0) - (scores[a] ?? 0) ||
          (positions[a] ?? 0) - (positions[b] ?? 0),
      );
      return {
        positions: Int32Array.from(order, (i) => positions[i] ?? 0),
        scores: Float32Array.from(order, (i) => scores[i] ?? 0),
      };
    },
  };
}
