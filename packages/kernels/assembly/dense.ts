// Products of tall matrices with small ones, tiled so that sums stay in registers.
import { word } from "./vectors";

/** Rows of a Gram pass that stay in the first-level cache. */
const BLOCK: usize = 64;
/** Rows per call of `turnRows`. */
const CHUNK: usize = 256;

/** sums (4 × 8) += X[.., i .. i+3]ᵀ X[.., j .. j+7] over `rows` rows of `stride` bytes; `into` points at the 4 × 8 corner. */
function gramTile(
  left: usize,
  right: usize,
  rows: usize,
  stride: usize,
  into: usize,
): void {
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  let d0 = f32x4.splat(0);
  let d1 = f32x4.splat(0);
  const end = left + rows * stride;
  for (; left < end; left += stride, right += stride) {
    const y0 = v128.load(right);
    const y1 = v128.load(right, 16);
    let x = v128.load32_splat(left);
    a0 = f32x4.add(a0, f32x4.mul(x, y0));
    a1 = f32x4.add(a1, f32x4.mul(x, y1));
    x = v128.load32_splat(left, 4);
    b0 = f32x4.add(b0, f32x4.mul(x, y0));
    b1 = f32x4.add(b1, f32x4.mul(x, y1));
    x = v128.load32_splat(left, 8);
    c0 = f32x4.add(c0, f32x4.mul(x, y0));
    c1 = f32x4.add(c1, f32x4.mul(x, y1));
    x = v128.load32_splat(left, 12);
    d0 = f32x4.add(d0, f32x4.mul(x, y0));
    d1 = f32x4.add(d1, f32x4.mul(x, y1));
  }
  add(into, a0, a1);
  add(into + stride, b0, b1);
  add(into + 2 * stride, c0, c1);
  add(into + 3 * stride, d0, d1);
}

function add(into: usize, low: v128, high: v128): void {
  v128.store(into, f32x4.add(v128.load(into), low));
  v128.store(into, f32x4.add(v128.load(into, 16), high), 16);
}

/**
 * One partial sum of XᵀX, upper triangle of 8-wide tiles.
 * Words: rows, count, bytes of a row (a multiple of 32), rows per chunk, partial sums.
 */
export function gramRows(args: usize, chunk: usize, _scratch: usize): void {
  const stride = word(args, 2);
  const perChunk = word(args, 3);
  const from = chunk * perChunk;
  const to = min(from + perChunk, word(args, 1));
  const columns = stride >> 2;
  const into = word(args, 4) + chunk * columns * stride;
  memory.fill(into, 0, columns * stride);
  for (let row = from; row < to; row += BLOCK) {
    const start = word(args, 0) + row * stride;
    const rows = min(BLOCK, to - row);
    for (let i: usize = 0; i < columns; i += 4) {
      for (let j: usize = i & ~7; j < columns; j += 8) {
        gramTile(
          start + (i << 2),
          start + (j << 2),
          rows,
          stride,
          into + i * stride + (j << 2),
        );
      }
    }
  }
}

/** into (4 × 8) = four rows of X times a panel of eight columns; `into` has `stride` bytes a row. */
function turnTile(
  x0: usize,
  stride: usize,
  panel: usize,
  into: usize,
  intoStride: usize,
): void {
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  let d0 = f32x4.splat(0);
  let d1 = f32x4.splat(0);
  let x1 = x0 + stride;
  let x2 = x1 + stride;
  let x3 = x2 + stride;
  const end = x0 + stride;
  for (; x0 < end; x0 += 4, x1 += 4, x2 += 4, x3 += 4, panel += 32) {
    const y0 = v128.load(panel);
    const y1 = v128.load(panel, 16);
    let x = v128.load32_splat(x0);
    a0 = f32x4.add(a0, f32x4.mul(x, y0));
    a1 = f32x4.add(a1, f32x4.mul(x, y1));
    x = v128.load32_splat(x1);
    b0 = f32x4.add(b0, f32x4.mul(x, y0));
    b1 = f32x4.add(b1, f32x4.mul(x, y1));
    x = v128.load32_splat(x2);
    c0 = f32x4.add(c0, f32x4.mul(x, y0));
    c1 = f32x4.add(c1, f32x4.mul(x, y1));
    x = v128.load32_splat(x3);
    d0 = f32x4.add(d0, f32x4.mul(x, y0));
    d1 = f32x4.add(d1, f32x4.mul(x, y1));
  }
  put(into, a0, a1);
  put(into + intoStride, b0, b1);
  put(into + 2 * intoStride, c0, c1);
  put(into + 3 * intoStride, d0, d1);
}

function put(into: usize, low: v128, high: v128): void {
  v128.store(into, low);
  v128.store(into, high, 16);
}

/**
 * Rows times a d × d matrix, in place. The matrix comes as panels of eight
 * columns. Scratch: four rows of whole panels, then four rows.
 * Words: rows, count, bytes of a row, panels.
 */
export function turnRows(args: usize, chunk: usize, scratch: usize): void {
  const stride = word(args, 2);
  const from = chunk * CHUNK;
  const to = min(from + CHUNK, word(args, 1));
  const panels = (stride + 31) >> 5;
  const wide = panels << 5;
  const short = scratch + 4 * wide;
  for (let row = from; row < to; row += 4) {
    const start = word(args, 0) + row * stride;
    const rows = min<usize>(4, to - row);
    let source = start;
    if (rows < 4) {
      memory.copy(short, start, rows * stride);
      source = short;
    }
    for (let p: usize = 0; p < panels; p++) {
      turnTile(
        source,
        stride,
        word(args, 3) + p * 8 * stride,
        scratch + (p << 5),
        wide,
      );
    }
    for (let i: usize = 0; i < rows; i++) {
      memory.copy(start + i * stride, scratch + i * wide, stride);
    }
  }
}
