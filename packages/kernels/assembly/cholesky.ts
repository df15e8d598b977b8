// Cholesky factor and inverse of a symmetric matrix in tiles of 64 × 64.
// Tiles of L lie transposed in the lower half, tiles of W = L⁻¹ as they are in
// the upper half (W[i, j] in slot (j, i)), so that every product of tiles has
// the form C ± Xᵀ Y with rows of X and Y read in order.
import { word } from "./vectors";

const SIDE: usize = 64;
const ROW: usize = 256;
const TILE: usize = 16384;

/** into (4 × 8) += or -= X[.., i..]ᵀ Y[.., j..] over 64 rows of two tiles. */
function corner(x: usize, y: usize, into: usize, sign: f32): void {
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  let d0 = f32x4.splat(0);
  let d1 = f32x4.splat(0);
  const end = x + TILE;
  for (; x < end; x += ROW, y += ROW) {
    const y0 = v128.load(y);
    const y1 = v128.load(y, 16);
    let v = v128.load32_splat(x);
    a0 = f32x4.add(a0, f32x4.mul(v, y0));
    a1 = f32x4.add(a1, f32x4.mul(v, y1));
    v = v128.load32_splat(x, 4);
    b0 = f32x4.add(b0, f32x4.mul(v, y0));
    b1 = f32x4.add(b1, f32x4.mul(v, y1));
    v = v128.load32_splat(x, 8);
    c0 = f32x4.add(c0, f32x4.mul(v, y0));
    c1 = f32x4.add(c1, f32x4.mul(v, y1));
    v = v128.load32_splat(x, 12);
    d0 = f32x4.add(d0, f32x4.mul(v, y0));
    d1 = f32x4.add(d1, f32x4.mul(v, y1));
  }
  const s = f32x4.splat(sign);
  addTo(into, a0, a1, s);
  addTo(into + ROW, b0, b1, s);
  addTo(into + 2 * ROW, c0, c1, s);
  addTo(into + 3 * ROW, d0, d1, s);
}

function addTo(into: usize, low: v128, high: v128, sign: v128): void {
  v128.store(into, f32x4.add(v128.load(into), f32x4.mul(sign, low)));
  v128.store(into, f32x4.add(v128.load(into, 16), f32x4.mul(sign, high)), 16);
}

/** into += sign XᵀY, all three 64 × 64. */
function product(x: usize, y: usize, into: usize, sign: f32): void {
  for (let i: usize = 0; i < SIDE; i += 4) {
    for (let j: usize = 0; j < SIDE; j += 8) {
      corner(x + (i << 2), y + (j << 2), into + i * ROW + (j << 2), sign);
    }
  }
}

function tile(matrix: usize, side: usize, i: usize, j: usize): usize {
  return matrix + (i * side + j) * TILE;
}

/**
 * Words of all four: tiles, tiles on a side, inverses of the diagonal tiles,
 * the same transposed, column.
 *
 * Sums of what lies left of tile (column + chunk, column): A - L Lᵀ.
 */
export function choleskyColumn(
  args: usize,
  chunk: usize,
  scratch: usize,
): void {
  const matrix = word(args, 0);
  const side = word(args, 1);
  const k = word(args, 4);
  const i = k + chunk;
  const into = tile(matrix, side, i, k);
  if (word(args, 5) === 0) {
    for (let j: usize = 0; j < k; j++) {
      product(tile(matrix, side, k, j), tile(matrix, side, i, j), into, -1);
    }
    return;
  }
  // L[i, k]ᵀ = L[k, k]⁻¹ A[i, k]ᵀ; the diagonal tile itself is done.
  if (chunk === 0) return;
  memory.copy(scratch, into, TILE);
  memory.fill(into, 0, TILE);
  product(word(args, 3) + k * TILE, scratch, into, 1);
}

/** Cholesky of one diagonal tile in double precision, and the inverse of its factor both ways round. Leaves the first bad pivot + 1 in word 6. */
export function factoriseTile(
  args: usize,
  _chunk: usize,
  scratch: usize,
): void {
  const side = word(args, 1);
  const k = word(args, 4);
  const from = tile(word(args, 0), side, k, k);
  const inverse = word(args, 2) + k * TILE;
  const turned = word(args, 3) + k * TILE;
  // Two tiles of doubles: L, then its inverse.
  const l = scratch;
  const w = scratch + 2 * TILE;
  for (let i: usize = 0; i < SIDE; i++) {
    for (let j: usize = 0; j <= i; j++) {
      // The tile is symmetric; its upper half is as good as its lower one.
      let sum = <f64>load<f32>(from + j * ROW + (i << 2));
      for (let t: usize = 0; t < j; t++) {
        sum -= entryOf(l, i, t) * entryOf(l, j, t);
      }
      if (i !== j) put(l, i, j, sum / entryOf(l, j, j));
      else if (sum > 0) put(l, i, i, sqrt(sum));
      else {
        store<u32>(args + 24, <u32>(k * SIDE + i + 1));
        return;
      }
    }
  }
  memory.fill(w, 0, 2 * TILE);
  for (let j: usize = 0; j < SIDE; j++) {
    put(w, j, j, 1 / entryOf(l, j, j));
    for (let i = j + 1; i < SIDE; i++) {
      let sum: f64 = 0;
      for (let t = j; t < i; t++) sum += entryOf(l, i, t) * entryOf(w, t, j);
      put(w, i, j, -sum / entryOf(l, i, i));
    }
  }
  for (let i: usize = 0; i < SIDE; i++) {
    for (let j: usize = 0; j < SIDE; j++) {
      const value = <f32>entryOf(w, i, j);
      store<f32>(inverse + i * ROW + (j << 2), value);
      store<f32>(turned + j * ROW + (i << 2), value);
    }
  }
}

function entryOf(matrix: usize, i: usize, j: usize): f64 {
  return load<f64>(matrix + ((i * SIDE + j) << 3));
}

function put(matrix: usize, i: usize, j: usize, value: f64): void {
  store<f64>(matrix + ((i * SIDE + j) << 3), value);
}

/** Row `column` (word 4) of W for column `chunk` < row: W[i, j] = -L[i, i]⁻¹ sum L[i, k] W[k, j]. */
export function inverseColumn(args: usize, chunk: usize, scratch: usize): void {
  const matrix = word(args, 0);
  const side = word(args, 1);
  const diagonal = word(args, 2);
  const i = word(args, 4);
  const j = chunk;
  memory.fill(scratch, 0, TILE);
  for (let k = j; k < i; k++) {
    const w = k === j ? diagonal + j * TILE : tile(matrix, side, j, k);
    product(tile(matrix, side, i, k), w, scratch, 1);
  }
  const into = tile(matrix, side, j, i);
  memory.fill(into, 0, TILE);
  product(word(args, 3) + i * TILE, scratch, into, -1);
}

/** Tile (i, j) of A⁻¹ = WᵀW in the lower half; `chunk` counts tiles of row i = word 4. */
export function inverseProduct(
  args: usize,
  chunk: usize,
  _scratch: usize,
): void {
  const matrix = word(args, 0);
  const side = word(args, 1);
  const diagonal = word(args, 2);
  const i = word(args, 4);
  const j = chunk;
  const into = tile(matrix, side, i, j);
  memory.fill(into, 0, TILE);
  for (let k = i; k < side; k++) {
    const x = k === i ? diagonal + i * TILE : tile(matrix, side, i, k);
    const y = k === j ? diagonal + j * TILE : tile(matrix, side, j, k);
    product(x, y, into, 1);
  }
}
