// Rows of a product of two sparse matrices, one row in memory at a time.
import { keyOf, leastOf, selectLargest, sortKeys } from "./keys";
import { float, word } from "./vectors";

/** Rows per call of either kernel. */
const CHUNK: usize = 64;
/** Candidates beyond 2 k that wait until the best k are chosen among them. */
const ROOM: usize = 256;

/** sums += row of A times B; returns how many columns were touched. Which come first follows the entries. */
function accumulate(
  args: usize,
  row: usize,
  sums: usize,
  touched: usize,
): usize {
  const offsets = word(args, 0);
  const columns = word(args, 1);
  const values = word(args, 2);
  const otherOffsets = word(args, 3);
  const otherColumns = word(args, 4);
  const otherValues = word(args, 5);
  let count = touched;
  const end = <usize>load<u32>(offsets + (row << 2), 4);
  for (let at = <usize>load<u32>(offsets + (row << 2)); at < end; at++) {
    const unit = <usize>load<u32>(columns + (at << 2));
    const value = load<f32>(values + (at << 2));
    const first = otherOffsets + (unit << 2);
    let entry = otherColumns + ((<usize>load<u32>(first)) << 2);
    const last = otherColumns + ((<usize>load<u32>(first, 4)) << 2);
    if (otherValues === 0) {
      for (; entry < last; entry += 4) {
        const column = load<u32>(entry);
        const sum = sums + ((<usize>column) << 2);
        const before = load<f32>(sum);
        // Written always and counted only when new: a branch here is taken at random.
        store<u32>(count, column);
        count += (<usize>(before === 0)) << 2;
        store<f32>(sum, before + value);
      }
    } else {
      const shift = otherValues - otherColumns;
      for (; entry < last; entry += 4) {
        const column = load<u32>(entry);
        const sum = sums + ((<usize>column) << 2);
        const before = load<f32>(sum);
        store<u32>(count, column);
        count += (<usize>(before === 0)) << 2;
        store<f32>(sum, before + value * load<f32>(entry + shift));
      }
    }
  }
  return (count - touched) >> 2;
}

/**
 * The k best columns of each row by
 * (sum - chance_r chance_c) / (norm_r norm_c + add_r + add_c - overlap sum + shrink).
 * Words: 0-2 A (offsets, columns, values), 3-5 B, 6 from, 7 to, 8 columns,
 * 9 k, 10 rows' chance, norm, add (three arrays in a row), 11 the columns',
 * 12 overlap, 13 shrink, 14 whether to leave out the diagonal, 15 positions,
 * 16 scores, 17 counts,
 * 18 the columns' norms alone where they have no chance and nothing to add,
 * and overlap is 0; else 0. Scratch: sums (all zero, and left so), touched, keys.
 */
export function pairRows(args: usize, chunk: usize, scratch: usize): void {
  const from = word(args, 6) + chunk * CHUNK;
  const to = min(from + CHUNK, word(args, 7));
  for (let row = from; row < to; row++) bestOfRow(args, row, scratch);
}

function bestOfRow(args: usize, row: usize, sums: usize): void {
  const width = word(args, 8);
  const k = word(args, 9);
  const touched = sums + ((width + 4) << 2);
  const count = accumulate(args, row, sums, touched);
  const rows = word(args, 10) + row * 12;
  const columns = word(args, 11);
  const chance = load<f32>(rows);
  const norm = load<f32>(rows, 4);
  const add = load<f32>(rows, 8) + float(args, 13);
  const overlap = float(args, 12);
  const norms = word(args, 18);
  const skip = word(args, 14) === 0 ? -1 : <i32>row;
  const out = row - word(args, 6);
  const keys = touched + ((width + 4) << 2);
  const room: usize = k + k + ROOM;
  let size: usize = 0;
  let least: u64 = 0;
  for (let t: usize = 0; t < count; t++) {
    const column = load<u32>(touched + (t << 2));
    const at = sums + ((<usize>column) << 2);
    const sum = load<f32>(at);
    store<f32>(at, 0);
    let score: f32;
    if (norms !== 0) {
      // A third of the memory to reach at random; the same bits.
      score = sum / (norm * load<f32>(norms + ((<usize>column) << 2)) + add);
    } else {
      const terms = columns + <usize>column * 12;
      score =
        (sum - chance * load<f32>(terms)) /
        (norm * load<f32>(terms, 4) +
          load<f32>(terms, 8) +
          add -
          overlap * sum);
    }
    if (!(score > 0) || <i32>column === skip) continue;
    const key = keyOf(score, column);
    if (key <= least) continue;
    store<u64>(keys + (size++ << 3), key);
    if (size < room) continue;
    selectLargest(keys, size, k);
    size = k;
    least = leastOf(keys, k);
  }
  if (size > k) {
    selectLargest(keys, size, k);
    size = k;
  }
  sortKeys(keys, 0, <i32>size - 1);
  const positions = word(args, 15) + ((out * k) << 2);
  const scores = word(args, 16) + ((out * k) << 2);
  for (let i: usize = 0; i < size; i++) {
    const key = load<u64>(keys + (i << 3));
    store<u32>(positions + (i << 2), ~(<u32>key));
    store<u32>(scores + (i << 2), <u32>(key >> 32));
  }
  store<u32>(word(args, 17) + (out << 2), <u32>size);
}

/** Rows of a dense product; word 15 points at rows of `width` numbers. */
export function sparseRows(args: usize, chunk: usize, scratch: usize): void {
  const from = word(args, 6) + chunk * CHUNK;
  const to = min(from + CHUNK, word(args, 7));
  const width = word(args, 8);
  const touched = scratch + ((width + 4) << 2);
  for (let row = from; row < to; row++) {
    const count = accumulate(args, row, scratch, touched);
    const into = word(args, 15) + ((row * width) << 2);
    memory.fill(into, 0, width << 2);
    for (let t: usize = 0; t < count; t++) {
      const column = <usize>load<u32>(touched + (t << 2));
      store<f32>(into + (column << 2), load<f32>(scratch + (column << 2)));
      store<f32>(scratch + (column << 2), 0);
    }
  }
}
