import type { AlsRows } from "@recsys/contracts";
import { requireEntries } from "../require-entries.ts";
import { at } from "./dense.ts";

/** The vectors of one row's conjugate gradient, allocated once per call. */
interface Workspace {
  readonly x: Float64Array;
  readonly residual: Float64Array;
  readonly direction: Float64Array;
  readonly product: Float64Array;
}

/**
 * Plain conjugate gradient, row by row (Takács, Pilászy, Tikk 2011). A row
 * without entries has the exact solution zero and gets it at once.
 */
export function alsRows(task: AlsRows): void {
  const d = task.dimension;
  requireEntries(task, d === 0 ? 0 : Math.floor(task.fixed.length / d));
  const work: Workspace = {
    x: new Float64Array(d),
    residual: new Float64Array(d),
    direction: new Float64Array(d),
    product: new Float64Array(d),
  };
  for (let row = task.from; row < task.to; row++) {
    const start = row * d;
    if (task.offsets[row] === task.offsets[row + 1]) {
      task.solution.fill(0, start, start + d);
      continue;
    }
    for (let j = 0; j < d; j++) work.x[j] = at(task.solution, start + j);
    solveRow(task, row, work);
    for (let j = 0; j < d; j++) task.solution[start + j] = at(work.x, j);
  }
}

function solveRow(task: AlsRows, row: number, work: Workspace): void {
  const { x, residual, direction, product } = work;
  const d = task.dimension;
  multiply(task, row, { vector: x, into: product, target: 1 });
  let squared = 0;
  for (let j = 0; j < d; j++) {
    const r = -at(product, j);
    residual[j] = r;
    direction[j] = r;
    squared += r * r;
  }
  for (let step = 0; step < task.steps; step++) {
    // Below this the row has converged and the next step divides by nothing.
    if (squared < 1e-20) return;
    multiply(task, row, { vector: direction, into: product, target: 0 });
    const alpha = squared / inner(direction, product);
    let next = 0;
    for (let j = 0; j < d; j++) {
      x[j] = at(x, j) + alpha * at(direction, j);
      const r = at(residual, j) - alpha * at(product, j);
      residual[j] = r;
      next += r * r;
    }
    const beta = next / squared;
    for (let j = 0; j < d; j++) {
      direction[j] = at(residual, j) + beta * at(direction, j);
    }
    squared = next;
  }
}

interface Product {
  readonly vector: Float64Array;
  readonly into: Float64Array;
  /** 1 subtracts the right-hand side as well (A x − b), 0 gives A x alone. */
  readonly target: number;
}

function multiply(task: AlsRows, row: number, product: Product): void {
  const { vector, into } = product;
  const regularisation = at(task.regularisation, row);
  for (let j = 0; j < task.dimension; j++) {
    const diagonal = task.alpha0 * at(task.spectrum, j) + regularisation;
    into[j] = diagonal * at(vector, j);
  }
  const end = task.offsets[row + 1] ?? 0;
  let entry = task.offsets[row] ?? 0;
  for (; entry + 4 <= end; entry += 4) addFourEntries(task, entry, product);
  for (; entry < end; entry++) addEntry(task, entry, product);
}

/** into += w (q·v − target) q for four entries in one pass over the dimension. */
function addFourEntries(task: AlsRows, entry: number, product: Product): void {
  const { fixed, columns, weights, dimension: d } = task;
  const { vector, into, target } = product;
  const q0 = (columns[entry] ?? 0) * d;
  const q1 = (columns[entry + 1] ?? 0) * d;
  const q2 = (columns[entry + 2] ?? 0) * d;
  const q3 = (columns[entry + 3] ?? 0) * d;
  let s0 = -target;
  let s1 = -target;
  let s2 = -target;
  let s3 = -target;
  for (let j = 0; j < d; j++) {
    const v = at(vector, j);
    s0 += v * at(fixed, q0 + j);
    s1 += v * at(fixed, q1 + j);
    s2 += v * at(fixed, q2 + j);
    s3 += v * at(fixed, q3 + j);
  }
  s0 *= at(weights, entry);
  s1 *= at(weights, entry + 1);
  s2 *= at(weights, entry + 2);
  s3 *= at(weights, entry + 3);
  for (let j = 0; j < d; j++) {
    into[j] =
      at(into, j) +
      s0 * at(fixed, q0 + j) +
      s1 * at(fixed, q1 + j) +
      (s2 * at(fixed, q2 + j) + s3 * at(fixed, q3 + j));
  }
}

function addEntry(task: AlsRows, entry: number, product: Product): void {
  const { fixed, columns, weights, dimension: d } = task;
  const { vector, into, target } = product;
  const q = (columns[entry] ?? 0) * d;
  let s = -target;
  for (let j = 0; j < d; j++) s += at(vector, j) * at(fixed, q + j);
  s *= at(weights, entry);
  for (let j = 0; j < d; j++) into[j] = at(into, j) + s * at(fixed, q + j);
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += at(a, i) * at(b, i);
  return sum;
}
