import type {
  PairSearch,
  ScoredEntries,
  SparseEntries,
  SparsePair,
} from "@recsys/contracts";
import { joinEntries } from "../join-entries.ts";
import { requireEntries, requireValues } from "../require-entries.ts";
import type { Room } from "./arena.ts";
import type { Machine } from "./dense.ts";

/** Rows of one call of the compiled kernels. */
const CHUNK = 64;
/** Entries of results that are held at once; more rows go in several rounds. */
const ROUND = 1 << 24;
/** Candidates beyond 2 k, as in the compiled code. */
const ROOM = 256;

export function sparseProduct(
  { arena, pool }: Machine,
  pair: SparsePair,
): Float32Array {
  const rows = pair.left.offsets.length - 1;
  return arena.lend((room) => {
    const words = entryWords(room, pair);
    const into = room.f32(rows * pair.columnCount);
    pool.run({
      kernel: "sparseRows",
      chunks: Math.ceil(rows / CHUNK),
      words: [...words, 0, rows, pair.columnCount, 0, 0, 0, 0, 0, 0].concat(
        into.byteOffset,
      ),
      scratchBytes: scratchBytes(pair),
    });
    return into.slice();
  });
}

export function bestPairs(machine: Machine, search: PairSearch): ScoredEntries {
  const rows = search.left.offsets.length - 1;
  const perRound = Math.max(1, Math.floor(ROUND / Math.max(1, search.k)));
  return machine.arena.lend((room) => {
    const words = entryWords(room, search);
    const terms = [room.here(search.rowTerms), room.here(search.columnTerms)];
    const norms = onlyNorms(room, search);
    const parts: ScoredEntries[] = [];
    for (let from = 0; from < rows; from += perRound) {
      const to = Math.min(rows, from + perRound);
      parts.push(round(machine, search, { words, terms, norms, from, to }));
    }
    return joinEntries(parts);
  });
}

function round(
  { arena, pool }: Machine,
  search: PairSearch,
  part: {
    readonly words: readonly number[];
    readonly terms: readonly Float32Array[];
    readonly norms: number;
    readonly from: number;
    readonly to: number;
  },
): ScoredEntries {
  const { from, to, words, terms, norms } = part;
  const { k, columnCount } = search;
  return arena.lend((room) => {
    const positions = room.i32((to - from) * k);
    const scores = room.f32((to - from) * k);
    const counts = room.i32(to - from);
    pool.run({
      kernel: "pairRows",
      chunks: Math.ceil((to - from) / CHUNK),
      words: [
        ...words,
        from,
        to,
        columnCount,
        k,
        ...terms.map((array) => array.byteOffset),
        0,
        0,
        search.skipDiagonal ? 1 : 0,
        positions.byteOffset,
        scores.byteOffset,
        counts.byteOffset,
        norms,
      ],
      floats: { 12: search.overlap, 13: search.shrink },
      scratchBytes: scratchBytes(search, k),
    });
    return compact({ positions, scores, counts, k });
  });
}

/** Where the columns' norms lie alone, when their other terms are zero and change nothing; else 0. */
function onlyNorms(room: Room, search: PairSearch): number {
  const { columnTerms, columnCount, overlap } = search;
  const isAlone = columnTerms.every((x, i) => i % 3 === 1 || x === 0);
  if (!isAlone || overlap !== 0) return 0;
  const norms = room.f32(columnCount);
  norms.forEach((_, i) => {
    norms[i] = columnTerms[i * 3 + 1] ?? 0;
  });
  return norms.byteOffset;
}

/** Sums, the columns touched with one place for the last write, and keys of candidates. */
function scratchBytes({ columnCount }: SparsePair, k = 0): number {
  return (columnCount + 4) * 8 + (2 * k + ROOM) * 8;
}

function entryWords(room: Room, pair: SparsePair): number[] {
  const { left, right, columnCount } = pair;
  requireEntries(left, right.offsets.length - 1);
  requireEntries(right, columnCount);
  requireValues(left.values);
  requireValues(right.values);
  const words = ({ offsets, columns }: SparseEntries) => [
    room.here(offsets).byteOffset,
    room.here(columns).byteOffset,
  ];
  const leftValues = left.values ?? ones(room, left.columns.length);
  return [
    ...words(left),
    room.here(leftValues).byteOffset,
    ...words(right),
    right.values === undefined ? 0 : room.here(right.values).byteOffset,
  ];
}

function ones(room: Room, length: number): Float32Array {
  return room.f32(length).fill(1);
}

/** Rows of up to k in places of k, brought together. */
function compact(part: {
  readonly positions: Int32Array;
  readonly scores: Float32Array;
  readonly counts: Int32Array;
  readonly k: number;
}): ScoredEntries {
  const { counts, k } = part;
  const offsets = new Int32Array(counts.length + 1);
  counts.forEach((count, row) => {
    offsets[row + 1] = (offsets[row] ?? 0) + count;
  });
  const entries = offsets[counts.length] ?? 0;
  const positions = new Int32Array(entries);
  const scores = new Float32Array(entries);
  counts.forEach((count, row) => {
    const start = row * k;
    const into = offsets[row] ?? 0;
    positions.set(part.positions.subarray(start, start + count), into);
    scores.set(part.scores.subarray(start, start + count), into);
  });
  return { offsets, positions, scores };
}
