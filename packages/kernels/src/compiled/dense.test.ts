import { seededRandom } from "@recsys/contracts";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { openKernels } from "../open-kernels.ts";
import { plainKernels } from "../plain/plain-kernels.ts";
import {
  alsTask,
  dimension,
  expectNear,
  expectSameBits,
  numbers,
  seed,
} from "./draws.contract.ts";

const one = openKernels({ engine: "compiled" });
const two = openKernels({ engine: "compiled", threads: 2 });
afterAll(() => {
  one.close();
  two.close();
});

test("gram agrees with the reference and with itself on two threads, bit for bit", () => {
  fc.assert(
    fc.property(seed, dimension, fc.nat(2500), (s, d, rows) => {
      const x = numbers(seededRandom(s), rows * d);
      const got = one.kernels.gram(x, d);
      expectNear(got, plainKernels.gram(x, d), 1e-4);
      expectSameBits(two.kernels.gram(x, d), got);
    }),
    { numRuns: 40 },
  );
});

test("turned rows agree with the reference", () => {
  fc.assert(
    fc.property(seed, dimension, fc.nat(600), (s, d, rows) => {
      const draw = seededRandom(s);
      const x = numbers(draw, rows * d);
      const axes = Float64Array.from(numbers(draw, d * d));
      const [wanted, got, onTwo] = [x.slice(), x.slice(), x.slice()];
      plainKernels.turnRows(wanted, axes, d);
      one.kernels.turnRows(got, axes, d);
      two.kernels.turnRows(onTwo, axes, d);
      expectNear(got, wanted, 1e-5);
      expectSameBits(onTwo, got);
    }),
    { numRuns: 40 },
  );
});

test("rows of ALS agree with the reference, on one thread and on two", () => {
  fc.assert(
    fc.property(seed, dimension, fc.nat(900), (s, d, rows) => {
      const [wanted, got, onTwo] = [0, 1, 2].map(() => alsTask(s, d, rows));
      if (!wanted || !got || !onTwo) return;
      plainKernels.alsRows(wanted);
      one.kernels.alsRows(got);
      two.kernels.alsRows(onTwo);
      expectNear(got.solution, wanted.solution, 2e-4);
      expectSameBits(onTwo.solution, got.solution);
    }),
    { numRuns: 30 },
  );
});

test("arrays of the workspace give the same as any others, and only the rows asked for change", () => {
  const outside = alsTask(5, 8, 700);
  const inside = one.kernels.workspace((space) => {
    const task = alsTask(5, 8, 700);
    const solution = space.f32(task.solution.length);
    solution.set(task.solution);
    one.kernels.alsRows({ ...task, solution, from: 100, to: 650 });
    return solution.slice();
  });
  const before = outside.solution.slice();
  one.kernels.alsRows({ ...outside, from: 100, to: 650 });
  expectSameBits(inside, outside.solution);
  expectSameBits(inside.subarray(0, 800), before.subarray(0, 800));
  expectSameBits(inside.subarray(5200), before.subarray(5200));
});

test("an inverse agrees with the reference, from one row to several tiles", () => {
  for (const n of [0, 1, 2, 63, 64, 65, 130, 200]) {
    const draw = seededRandom(n);
    const x = numbers(draw, 2 * n * n);
    const matrix = plainKernels.gram(x, n);
    for (let i = 0; i < n; i++)
      matrix[i * n + i] = (matrix[i * n + i] ?? 0) + 1;
    const [wanted, got, onTwo] = [matrix.slice(), matrix.slice(), matrix];
    plainKernels.invertSpd(wanted, n);
    one.kernels.invertSpd(got, n);
    two.kernels.invertSpd(onTwo, n);
    expectNear(got, wanted, 1e-4);
    expectSameBits(onTwo, got);
  }
});

test("a matrix without an inverse is named by its pivot", () => {
  const matrix = new Float32Array(100 * 100);
  for (let i = 0; i < 100; i++) matrix[i * 101] = i === 70 ? -1 : 1;
  for (const { kernels } of [one, two]) {
    expect(() => {
      kernels.invertSpd(matrix.slice(), 100);
    }).toThrow("not positive definite: pivot 70");
  }
  matrix[70 * 101] = NaN;
  expect(() => {
    one.kernels.invertSpd(matrix, 100);
  }).toThrow("pivot 70");
});
