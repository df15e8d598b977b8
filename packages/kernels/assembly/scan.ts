// The k rows of a matrix with the largest product with a vector.
import { isWorse, rise, sink } from "./heap";
import { dot, float, sumsOfFour, word } from "./vectors";

/** Rows per call. */
const CHUNK: usize = 8192;

/** Offers an entry to the k best, whose number is word 8 of the arguments. */
function offer(args: usize, s: f32, p: u32): void {
  const scores = word(args, 5);
  const positions = word(args, 6);
  const k = word(args, 7);
  const size = word(args, 8);
  if (size < k) {
    rise(scores, positions, size, s, p);
    store<u32>(args + 32, <u32>size + 1);
  } else if (isWorse(load<f32>(scores), load<u32>(positions), s, p)) {
    sink(scores, positions, size, s, p);
  }
}

/** The least score that can still enter. */
function bar(args: usize): f32 {
  return word(args, 8) < word(args, 7) ? -Infinity : load<f32>(word(args, 5));
}

/**
 * Words: 0 rows, 1 count, 2 bytes of a row, 3 query, 4 -, 5 scores, 6
 * positions, 7 k, 8 kept so far.
 */
export function scanFloats(args: usize, chunk: usize, _scratch: usize): void {
  const from = chunk * CHUNK;
  const count = word(args, 1);
  const to = min(from + CHUNK, count);
  const size = word(args, 2);
  const query = word(args, 3);
  let least = f32x4.splat(bar(args));
  let row = from;
  let at = word(args, 0) + from * size;
  for (; row + 4 <= to; row += 4, at += 4 * size) {
    let a = f32x4.splat(0);
    let b = f32x4.splat(0);
    let c = f32x4.splat(0);
    let d = f32x4.splat(0);
    for (let j: usize = 0; j < size; j += 16) {
      const v = v128.load(query + j);
      const p = at + j;
      a = f32x4.add(a, f32x4.mul(v, v128.load(p)));
      b = f32x4.add(b, f32x4.mul(v, v128.load(p + size)));
      c = f32x4.add(c, f32x4.mul(v, v128.load(p + 2 * size)));
      d = f32x4.add(d, f32x4.mul(v, v128.load(p + 3 * size)));
    }
    const scores = sumsOfFour(a, b, c, d);
    if (!v128.any_true(f32x4.ge(scores, least))) continue;
    offer(args, f32x4.extract_lane(scores, 0), <u32>row);
    offer(args, f32x4.extract_lane(scores, 1), <u32>row + 1);
    offer(args, f32x4.extract_lane(scores, 2), <u32>row + 2);
    offer(args, f32x4.extract_lane(scores, 3), <u32>row + 3);
    least = f32x4.splat(bar(args));
  }
  for (; row < to; row++, at += size) {
    offer(args, dotAsFour(at, query, size), <u32>row);
  }
}

/** The same bits as a row has among four. */
function dotAsFour(row: usize, query: usize, size: usize): f32 {
  let a = f32x4.splat(0);
  for (let j: usize = 0; j < size; j += 16) {
    a = f32x4.add(a, f32x4.mul(v128.load(query + j), v128.load(row + j)));
  }
  return f32x4.extract_lane(sumsOfFour(a, a, a, a), 0);
}

/**
 * Rows of bytes with a scale and a bound of what rounding took: keeps every
 * row whose upper bound reaches the k-th lower bound so far.
 * Words as above but 0 bytes, 2 bytes of a row (a multiple of 16), 3 query of
 * 16-bit numbers, 4 scales; 9 slacks, 10 scale of the query, 11 its length,
 * 12 candidates' positions, 13 their upper bounds, 14 their number.
 */
export function scanBytes(args: usize, chunk: usize, _scratch: usize): void {
  const from = chunk * CHUNK;
  const to = min(from + CHUNK, word(args, 1));
  const size = word(args, 2);
  const query = word(args, 3);
  const scales = word(args, 4);
  const slacks = word(args, 9);
  const unit = f32x4.splat(float(args, 10));
  const length = f32x4.splat(float(args, 11));
  let least = f32x4.splat(bar(args));
  let at = word(args, 0) + from * size;
  // Rows are padded to a multiple of four with slack -1, which marks none.
  for (let row = from; row < to; row += 4, at += 4 * size) {
    let a = i32x4.splat(0);
    let b = i32x4.splat(0);
    let c = i32x4.splat(0);
    let d = i32x4.splat(0);
    for (let j: usize = 0; j < size; j += 16) {
      const low = v128.load(query + 2 * j);
      const high = v128.load(query + 2 * j, 16);
      const p = at + j;
      a = plus(a, v128.load(p), low, high);
      b = plus(b, v128.load(p + size), low, high);
      c = plus(c, v128.load(p + 2 * size), low, high);
      d = plus(d, v128.load(p + 3 * size), low, high);
    }
    const near = f32x4.mul(
      f32x4.mul(f32x4.convert_i32x4_s(sumsOfFourWhole(a, b, c, d)), unit),
      v128.load(scales + (row << 2)),
    );
    const slack = f32x4.mul(length, v128.load(slacks + (row << 2)));
    const upper = f32x4.add(near, slack);
    if (!v128.any_true(f32x4.ge(upper, least))) continue;
    keep(args, row, near, slack, upper);
    least = f32x4.splat(bar(args));
  }
}

function plus(sum: v128, bytes: v128, low: v128, high: v128): v128 {
  return i32x4.add(
    sum,
    i32x4.add(
      i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(bytes), low),
      i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(bytes), high),
    ),
  );
}

function sumsOfFourWhole(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(
    v128.shuffle<i32>(a, b, 0, 4, 1, 5),
    v128.shuffle<i32>(a, b, 2, 6, 3, 7),
  );
  const cd = i32x4.add(
    v128.shuffle<i32>(c, d, 0, 4, 1, 5),
    v128.shuffle<i32>(c, d, 2, 6, 3, 7),
  );
  return i32x4.add(
    v128.shuffle<i32>(ab, cd, 0, 1, 4, 5),
    v128.shuffle<i32>(ab, cd, 2, 3, 6, 7),
  );
}

function keep(
  args: usize,
  row: usize,
  near: v128,
  slack: v128,
  upper: v128,
): void {
  one(
    args,
    row,
    f32x4.extract_lane(near, 0),
    f32x4.extract_lane(slack, 0),
    f32x4.extract_lane(upper, 0),
  );
  one(
    args,
    row + 1,
    f32x4.extract_lane(near, 1),
    f32x4.extract_lane(slack, 1),
    f32x4.extract_lane(upper, 1),
  );
  one(
    args,
    row + 2,
    f32x4.extract_lane(near, 2),
    f32x4.extract_lane(slack, 2),
    f32x4.extract_lane(upper, 2),
  );
  one(
    args,
    row + 3,
    f32x4.extract_lane(near, 3),
    f32x4.extract_lane(slack, 3),
    f32x4.extract_lane(upper, 3),
  );
}

function one(args: usize, row: usize, near: f32, slack: f32, upper: f32): void {
  if (slack < 0 || !(upper >= bar(args))) return;
  const count = word(args, 14);
  store<u32>(word(args, 12) + (count << 2), <u32>row);
  store<f32>(word(args, 13) + (count << 2), upper);
  store<u32>(args + 56, <u32>count + 1);
  offer(args, near - slack, <u32>row);
}

/** The exact products of the candidates whose upper bound reaches the bar; words as of `scanFloats` after 9 bar, 10 candidates, 11 upper bounds, 12 number. */
export function rankExactly(args: usize, _chunk: usize, _scratch: usize): void {
  const rows = word(args, 0);
  const size = word(args, 2);
  const query = word(args, 3);
  const least = float(args, 9);
  const candidates = word(args, 10);
  const uppers = word(args, 11);
  const count = word(args, 12);
  for (let i: usize = 0; i < count; i++) {
    if (load<f32>(uppers + (i << 2)) < least) continue;
    const row = load<u32>(candidates + (i << 2));
    offer(args, dotAsFour(rows + <usize>row * size, query, size), row);
  }
}
