import type { AlsRows } from "@recsys/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { alsRows } from "./als-rows.ts";
import { axpy, dot, gatherRows, gram, scoreRows } from "./dense.ts";
import { invertSpd } from "./invert-spd.ts";
import { bestPairs, sparseProduct } from "./pairs.ts";
import { createScan } from "./scan.ts";
import { plainKernels } from "./plain-kernels.ts";
import { solveSpd } from "./solve-spd.ts";
import { topK } from "./top-k.ts";

const slice = (values: number[], offset = 0) => ({
  values: Float32Array.from(values),
  offset,
});

test("dot multiplies from the offsets", () => {
  expect(dot(slice([9, 1, 2], 1), slice([3, 4]), 2)).toBe(11);
  expect(dot(slice([]), slice([]), 0)).toBe(0);
});

test("axpy adds into the target and nowhere else", () => {
  const y = { ...slice([1, 1, 1, 1], 1), length: 2 };
  axpy(2, slice([3, 4]), y);
  expect([...y.values]).toEqual([1, 7, 9, 1]);
});

test("gram is the matrix of all dot products of columns", () => {
  expect([...gram(Float32Array.of(1, 2, 3, 4), 2)]).toEqual([10, 14, 14, 20]);
  expect([...gram(new Float32Array(0), 2)]).toEqual([0, 0, 0, 0]);
});

test("solveSpd solves and leaves the Cholesky factor", () => {
  const a = Float64Array.of(4, 2, 2, 5);
  expect([...solveSpd(a, Float64Array.of(8, 12))]).toEqual([1, 2]);
  expect([a[0], a[2], a[3]]).toEqual([2, 1, 2]);
});

test("solveSpd names the pivot of a matrix that is not positive definite", () => {
  const b = Float64Array.of(1, 1);
  expect(() => solveSpd(Float64Array.of(1, 2, 2, 1), b)).toThrow(
    "not positive definite: pivot 1 is -3",
  );
  expect(() => solveSpd(Float64Array.of(1), b)).toThrow("2 × 2 is needed");
});

test("topK is the start of the fully sorted list, ties by position, NaN never", () => {
  const score = fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.constantFrom(NaN, Infinity, -Infinity),
  );
  fc.assert(
    fc.property(fc.array(score), fc.nat(12), (scores, k) => {
      const sorted = [...scores.keys()]
        .filter((i) => !Number.isNaN(scores[i]))
        .sort((a, b) => {
          const [x, y] = [scores[a] ?? 0, scores[b] ?? 0];
          return x === y ? a - b : x > y ? -1 : 1;
        });
      expect([...topK(Float32Array.from(scores), k)]).toEqual(
        sorted.slice(0, k),
      );
    }),
  );
});

test("scoreRows multiplies every row, whatever the length", () => {
  const into = new Float32Array(2);
  const matrix = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
  scoreRows(matrix, Float32Array.of(1, 1, 1, 1, 2), into);
  expect([...into]).toEqual([20, 50]);
});

const D = 5;
/** Rows of `fixed` along the coordinates and a multiple of them, so that their Gram matrix is diagonal. */
function alsTask(steps: number): AlsRows {
  const fixed = new Float32Array(6 * D);
  for (let i = 0; i < 6; i++) fixed[i * D + (i % D)] = i === 5 ? 0 : 0.5 + i;
  const whole = gram(fixed, D);
  return {
    offsets: Int32Array.of(0, 6, 6, 7),
    columns: Int32Array.of(0, 1, 2, 3, 4, 5, 2),
    weights: Float32Array.of(1, 2, 1, 0.5, 3, 1, 1),
    fixed,
    spectrum: Float32Array.from({ length: D }, (_, i) => whole[i * D + i] ?? 0),
    solution: new Float32Array(3 * D).fill(0.1),
    regularisation: Float32Array.of(0.5, 0.5, 2),
    alpha0: 0.3,
    dimension: D,
    from: 0,
    to: 3,
    steps,
  };
}

/** The same system built entry by entry and solved by Cholesky. */
function exactRow(task: AlsRows, row: number): Float64Array {
  const a = new Float64Array(D * D);
  const b = new Float64Array(D);
  for (let i = 0; i < D; i++) {
    a[i * D + i] =
      task.alpha0 * (task.spectrum[i] ?? 0) + (task.regularisation[row] ?? 0);
  }
  for (let e = task.offsets[row] ?? 0; e < (task.offsets[row + 1] ?? 0); e++) {
    const q = (task.columns[e] ?? 0) * D;
    const weight = task.weights[e] ?? 0;
    for (let i = 0; i < D; i++) {
      const scaled = weight * (task.fixed[q + i] ?? 0);
      b[i] = (b[i] ?? 0) + scaled;
      for (let j = 0; j < D; j++) {
        a[i * D + j] = (a[i * D + j] ?? 0) + scaled * (task.fixed[q + j] ?? 0);
      }
    }
  }
  return solveSpd(a, b);
}

test("alsRows with as many steps as dimensions is the exact solution", () => {
  const task = alsTask(2 * D);
  alsRows(task);
  for (const row of [0, 2]) {
    exactRow(task, row).forEach((value, j) => {
      expect(task.solution[row * D + j]).toBeCloseTo(value, 5);
    });
  }
  expect([...task.solution.subarray(D, 2 * D)]).toEqual([0, 0, 0, 0, 0]);
});

test("alsRows in chunks gives the same bits as in one call", () => {
  const whole = alsTask(3);
  alsRows(whole);
  const parts = alsTask(3);
  alsRows({ ...parts, to: 1 });
  alsRows({ ...parts, from: 1 });
  expect(parts.solution).toEqual(whole.solution);
});

test("a matrix times its inverse is the identity", () => {
  const matrix = Float32Array.of(4, 2, 2, 5);
  invertSpd(matrix, 2);
  expect([...matrix]).toEqual([0.3125, -0.125, -0.125, 0.25].map(Math.fround));
  expect(() => {
    invertSpd(Float32Array.of(1, 2, 2, 1), 2);
  }).toThrow("not positive definite: pivot 1");
});

test("best pairs of a worked product", () => {
  // Users {a, b}, {a, b, c}, {c}: a and b meet twice, a and c once.
  const units = {
    offsets: Int32Array.of(0, 2, 5, 6),
    columns: Int32Array.of(0, 1, 0, 1, 2, 2),
  };
  const items = {
    offsets: Int32Array.of(0, 2, 4, 6),
    columns: Int32Array.of(0, 1, 0, 1, 1, 2),
  };
  const terms = new Float32Array(9).map((_, i) => (i % 3 === 1 ? 1 : 0));
  const found = bestPairs({
    left: items,
    right: units,
    columnCount: 3,
    k: 1,
    rowTerms: terms,
    columnTerms: terms,
    overlap: 0,
    shrink: 1,
    skipDiagonal: true,
  });
  expect([...found.positions]).toEqual([1, 0, 0]);
  expect([...found.scores]).toEqual([1, 1, 0.5]);
  expect([
    ...sparseProduct({ left: items, right: units, columnCount: 3 }),
  ]).toEqual([2, 2, 1, 2, 2, 1, 1, 1, 2]);
});

test("a scan finds the largest products, ties by position", () => {
  const scan = createScan(Float32Array.of(1, 0, 0, 1, 1, 1, 0, 1), 2);
  const best = scan.best(Float32Array.of(1, 2), 3);
  expect([...best.positions]).toEqual([2, 1, 3]);
  expect([...best.scores]).toEqual([3, 2, 2]);
});

test("gathered rows lie one after the other", () => {
  const matrix = Float32Array.of(1, 2, 3, 4, 5, 6);
  expect([...gatherRows(matrix, Int32Array.of(2, 0, 2), 2)]).toEqual([
    5, 6, 1, 2, 5, 6,
  ]);
});

test("the plain kernels are these functions", () => {
  const functions = { dot, axpy, gram, solveSpd, topK, scoreRows, alsRows };
  expect(plainKernels).toMatchObject(functions);
});
