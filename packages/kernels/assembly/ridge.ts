// Small systems in double precision: the fold-in of one user.
import { word } from "./vectors";

function sumOfTwo(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** Product of the first `count` numbers. */
function dot(a: usize, b: usize, count: usize): f64 {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let k: usize = 0;
  for (; k + 4 <= count; k += 4, a += 32, b += 32) {
    s0 = f64x2.add(s0, f64x2.mul(v128.load(a), v128.load(b)));
    s1 = f64x2.add(s1, f64x2.mul(v128.load(a, 16), v128.load(b, 16)));
  }
  let sum = sumOfTwo(f64x2.add(s0, s1));
  for (; k < count; k++, a += 8, b += 8) sum += load<f64>(a) * load<f64>(b);
  return sum;
}

/** Four products of two rows with two others, of `bytes` a row. */
function square(
  a: usize,
  b: usize,
  bytes: usize,
  into: usize,
  stride: usize,
): void {
  let s00 = f64x2.splat(0);
  let s01 = f64x2.splat(0);
  let s10 = f64x2.splat(0);
  let s11 = f64x2.splat(0);
  const end = a + bytes;
  for (; a < end; a += 16, b += 16) {
    const x0 = v128.load(a);
    const x1 = v128.load(a + bytes);
    const y0 = v128.load(b);
    const y1 = v128.load(b + bytes);
    s00 = f64x2.add(s00, f64x2.mul(x0, y0));
    s01 = f64x2.add(s01, f64x2.mul(x0, y1));
    s10 = f64x2.add(s10, f64x2.mul(x1, y0));
    s11 = f64x2.add(s11, f64x2.mul(x1, y1));
  }
  store<f64>(into, sumOfTwo(s00));
  store<f64>(into, sumOfTwo(s01), 8);
  store<f64>(into + stride, sumOfTwo(s10));
  store<f64>(into + stride, sumOfTwo(s11), 8);
}

/**
 * (R Rᵀ + diagonal) y = 1 by Cholesky; y takes the place of the diagonal.
 * Words: 0 rows R (an even number of them, of an even number of doubles),
 * 1 rows that count, 2 bytes of a row, 3 diagonal, 4 system (rows × rows),
 * 5 pointer to the least pivot.
 */
export function ridge(args: usize, _chunk: usize, _scratch: usize): void {
  const rows = word(args, 0);
  const n = word(args, 1);
  const bytes = word(args, 2);
  const y = word(args, 3);
  const system = word(args, 4);
  const least = load<f64>(word(args, 5));
  const stride = ((n + 1) & ~1) << 3;
  for (let i: usize = 0; i < n; i += 2) {
    for (let k: usize = 0; k <= i; k += 2) {
      const into = system + i * stride + (k << 3);
      square(rows + i * bytes, rows + k * bytes, bytes, into, stride);
    }
  }
  for (let i: usize = 0; i < n; i++) {
    const row = system + i * stride;
    const own = row + (i << 3);
    store<f64>(own, load<f64>(own) + load<f64>(y + (i << 3)));
    for (let j: usize = 0; j < i; j++) {
      const other = system + j * stride;
      const at = row + (j << 3);
      store<f64>(
        at,
        (load<f64>(at) - dot(row, other, j)) / load<f64>(other + (j << 3)),
      );
    }
    store<f64>(own, sqrt(max(load<f64>(own) - dot(row, row, i), least)));
    store<f64>(y + (i << 3), (1 - dot(row, y, i)) / load<f64>(own));
  }
  for (let i = n; i > 0;) {
    i--;
    const row = system + i * stride;
    const x = load<f64>(y + (i << 3)) / load<f64>(row + (i << 3));
    store<f64>(y + (i << 3), x);
    for (let k: usize = 0; k < i; k++) {
      const at = y + (k << 3);
      store<f64>(at, load<f64>(at) - x * load<f64>(row + (k << 3)));
    }
  }
}
