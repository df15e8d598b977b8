import { seededRandom } from "@recsys/contracts";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { openKernels } from "../open-kernels.ts";
import { plainKernels } from "../plain/plain-kernels.ts";
import {
  dimension,
  expectNear,
  expectSameBits,
  numbers,
  pairSearch,
  seed,
} from "./draws.contract.ts";

const one = openKernels({ engine: "compiled" });
const two = openKernels({ engine: "compiled", threads: 2 });
afterAll(() => {
  one.close();
  two.close();
});

test("best pairs and sparse products agree with the reference", () => {
  fc.assert(
    fc.property(seed, fc.nat(200), fc.nat(12), (s, rows, k) => {
      const search = pairSearch(s, rows, k);
      const wanted = plainKernels.bestPairs(search);
      const got = one.kernels.bestPairs(search);
      expect(got.offsets).toEqual(wanted.offsets);
      expectNear(got.scores, wanted.scores, 1e-5);
      expect(two.kernels.bestPairs(search)).toEqual(got);
      const product = one.kernels.sparseProduct(search);
      expectSameBits(product, plainKernels.sparseProduct(search));
      expectSameBits(two.kernels.sparseProduct(search), product);
    }),
    { numRuns: 60 },
  );
});

test("the best of thousands of candidates are those of the reference, whatever k", () => {
  const draw = seededRandom(3);
  const columns = Int32Array.from({ length: 6000 }, (_, i) => i % 3000);
  const terms = (count: number) =>
    new Float32Array(3 * count).map((_, i) => (i % 3 === 1 ? 1 : 0));
  for (const k of [1, 7, 300, 2999, 3000]) {
    const search = {
      left: {
        offsets: Int32Array.of(0, 2, 3),
        columns: Int32Array.of(0, 1, 1),
      },
      right: {
        offsets: Int32Array.of(0, 3000, 6000),
        columns,
        // Few different values: many ties.
        values: Float32Array.from(columns, () => 1 + Math.floor(draw() * 40)),
      },
      columnCount: 3000,
      k,
      rowTerms: terms(2),
      columnTerms: terms(3000),
      overlap: 0,
      shrink: 0,
      skipDiagonal: true,
    };
    const wanted = plainKernels.bestPairs(search);
    const got = one.kernels.bestPairs(search);
    expectSameBits(got.positions, wanted.positions);
    expectSameBits(got.scores, wanted.scores);
  }
});

test("equal scores are taken from the lowest position on, whatever the order of entries", () => {
  const everybody = {
    offsets: Int32Array.of(0, 9),
    columns: Int32Array.of(8, 3, 5, 1, 0, 7, 6, 2, 4),
  };
  const terms = (count: number) =>
    new Float32Array(3 * count).map((_, i) => (i % 3 === 1 ? 1 : 0));
  const found = one.kernels.bestPairs({
    left: { offsets: Int32Array.of(0, 1), columns: Int32Array.of(0) },
    right: everybody,
    columnCount: 9,
    k: 4,
    rowTerms: terms(1),
    columnTerms: terms(9),
    overlap: 0,
    shrink: 0,
    skipDiagonal: false,
  });
  expect([...found.positions]).toEqual([0, 1, 2, 3]);
});

test("both scans find what the reference finds, with the same bits", () => {
  fc.assert(
    fc.property(seed, dimension, fc.nat(3000), (s, d, rows) => {
      const draw = seededRandom(s);
      // Few different numbers: many ties.
      const coarse = draw() < 0.3;
      const matrix = numbers(draw, rows * d).map((x) =>
        coarse ? Math.round(x * 2) : x,
      );
      const query = numbers(draw, d);
      const k = 1 + Math.floor(draw() * 30);
      const [floats, bytes] = (["floats", "bytes"] as const).map((kind) =>
        one.kernels.createScan(matrix, d, kind).best(query, k),
      );
      expect(bytes).toEqual(floats);
      const wanted = plainKernels.createScan(matrix, d, "floats");
      const reference = wanted.best(query, k);
      expectNear(floats?.scores ?? query, reference.scores, 1e-5);
    }),
    { numRuns: 60 },
  );
});

test("a scan of equal rows lists the first ones and forgets the last search", () => {
  const scan = one.kernels.createScan(
    new Float32Array(40_000).fill(1),
    4,
    "bytes",
  );
  for (const times of [1, 2]) {
    const best = scan.best(new Float32Array(4).fill(times), 5);
    expect([...best.positions]).toEqual([0, 1, 2, 3, 4]);
    expect([...best.scores]).toEqual(Array(5).fill(4 * times));
  }
  expect(scan.best(new Float32Array(4), 0).positions.length).toBe(0);
});
