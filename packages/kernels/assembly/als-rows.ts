// Conjugate gradient over rows of implicit ALS, in coordinates in which the
// Gram matrix of the other side is diagonal: what is left per step is one pass
// over the row's entries.
import { dot, float, sumOfLanes, sumsOfFour, word } from "./vectors";

/** Rows per call: code that never returns is never replaced by its optimised form. */
const CHUNK: usize = 256;

let columns: usize = 0;
let weights: usize = 0;
let fixed: usize = 0;
let spectrum: usize = 0;
let bytes: usize = 0;

/** into += sum over entries of w (q · v - target) q, after into = (spectrum + reg) v. */
function multiply(
  first: usize,
  last: usize,
  vector: usize,
  into: usize,
  regularisation: f32,
  target: f32,
): void {
  const size = bytes;
  const q = fixed;
  const column = columns;
  const weight = weights;
  const diagonals = spectrum;
  const reg = f32x4.splat(regularisation);
  for (let j: usize = 0; j < size; j += 16) {
    const diagonal = f32x4.add(v128.load(diagonals + j), reg);
    v128.store(into + j, f32x4.mul(diagonal, v128.load(vector + j)));
  }
  let entry = first;
  for (; entry + 4 <= last; entry += 4) {
    const at = column + (entry << 2);
    addFour(
      q + <usize>load<u32>(at) * size,
      q + <usize>load<u32>(at, 4) * size,
      q + <usize>load<u32>(at, 8) * size,
      q + <usize>load<u32>(at, 12) * size,
      weight + (entry << 2),
      vector,
      into,
      size,
      target,
    );
  }
  for (; entry < last; entry++) {
    const one = q + <usize>load<u32>(column + (entry << 2)) * size;
    const share = f32x4.splat(
      (dot(one, vector, size) - target) * load<f32>(weight + (entry << 2)),
    );
    for (let j: usize = 0; j < size; j += 16) {
      v128.store(
        into + j,
        f32x4.add(v128.load(into + j), f32x4.mul(share, v128.load(one + j))),
      );
    }
  }
}

function addFour(
  q0: usize,
  q1: usize,
  q2: usize,
  q3: usize,
  weight: usize,
  vector: usize,
  into: usize,
  size: usize,
  target: f32,
): void {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  for (let j: usize = 0; j < size; j += 16) {
    const v = v128.load(vector + j);
    s0 = f32x4.add(s0, f32x4.mul(v, v128.load(q0 + j)));
    s1 = f32x4.add(s1, f32x4.mul(v, v128.load(q1 + j)));
    s2 = f32x4.add(s2, f32x4.mul(v, v128.load(q2 + j)));
    s3 = f32x4.add(s3, f32x4.mul(v, v128.load(q3 + j)));
  }
  const share = f32x4.mul(
    f32x4.sub(sumsOfFour(s0, s1, s2, s3), f32x4.splat(target)),
    v128.load(weight),
  );
  s0 = v128.shuffle<f32>(share, share, 0, 0, 0, 0);
  s1 = v128.shuffle<f32>(share, share, 1, 1, 1, 1);
  s2 = v128.shuffle<f32>(share, share, 2, 2, 2, 2);
  s3 = v128.shuffle<f32>(share, share, 3, 3, 3, 3);
  for (let j: usize = 0; j < size; j += 16) {
    const a = f32x4.add(
      f32x4.mul(s0, v128.load(q0 + j)),
      f32x4.mul(s1, v128.load(q1 + j)),
    );
    const b = f32x4.add(
      f32x4.mul(s2, v128.load(q2 + j)),
      f32x4.mul(s3, v128.load(q3 + j)),
    );
    v128.store(into + j, f32x4.add(v128.load(into + j), f32x4.add(a, b)));
  }
}

function solve(
  first: usize,
  last: usize,
  x: usize,
  room: usize,
  regularisation: f32,
  steps: usize,
): void {
  const size = bytes;
  const residual = room;
  const direction = room + size;
  const product = room + 2 * size;
  multiply(first, last, x, product, regularisation, 1);
  let sum = f32x4.splat(0);
  for (let j: usize = 0; j < size; j += 16) {
    const r = f32x4.neg(v128.load(product + j));
    v128.store(residual + j, r);
    v128.store(direction + j, r);
    sum = f32x4.add(sum, f32x4.mul(r, r));
  }
  let squared = sumOfLanes(sum);
  for (let step: usize = 0; step < steps; step++) {
    // Below this the row has converged and the next step divides by nothing.
    if (squared < 1e-20) return;
    multiply(first, last, direction, product, regularisation, 0);
    const alpha = f32x4.splat(squared / dot(direction, product, size));
    sum = f32x4.splat(0);
    for (let j: usize = 0; j < size; j += 16) {
      const r = f32x4.sub(
        v128.load(residual + j),
        f32x4.mul(alpha, v128.load(product + j)),
      );
      v128.store(
        x + j,
        f32x4.add(v128.load(x + j), f32x4.mul(alpha, v128.load(direction + j))),
      );
      v128.store(residual + j, r);
      sum = f32x4.add(sum, f32x4.mul(r, r));
    }
    const next = sumOfLanes(sum);
    const beta = f32x4.splat(next / squared);
    for (let j: usize = 0; j < size; j += 16) {
      v128.store(
        direction + j,
        f32x4.add(
          v128.load(residual + j),
          f32x4.mul(beta, v128.load(direction + j)),
        ),
      );
    }
    squared = next;
  }
}

/** Words: offsets, columns, weights, fixed, spectrum, solution, regularisation, bytes of a row, from, to, steps. */
export function alsRows(args: usize, chunk: usize, scratch: usize): void {
  const offsets = word(args, 0);
  const solution = word(args, 5);
  const regularisation = word(args, 6);
  const steps = word(args, 10);
  columns = word(args, 1);
  weights = word(args, 2);
  fixed = word(args, 3);
  spectrum = word(args, 4);
  bytes = word(args, 7);
  const from = word(args, 8) + chunk * CHUNK;
  const to = min(from + CHUNK, word(args, 9));
  for (let row = from; row < to; row++) {
    const first = <usize>load<u32>(offsets + (row << 2));
    const last = <usize>load<u32>(offsets + (row << 2), 4);
    const x = solution + row * bytes;
    if (first === last) memory.fill(x, 0, bytes);
    else {
      solve(
        first,
        last,
        x,
        scratch,
        load<f32>(regularisation + (row << 2)),
        steps,
      );
    }
  }
}
