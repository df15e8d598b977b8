import {
  seededRandom,
  type AlsRows,
  type Kernels,
  type PairSearch,
  type SparseEntries,
} from "@recsys/contracts";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { openKernels } from "../open-kernels.ts";
import { plainKernels } from "../plain/plain-kernels.ts";

const one = openKernels({ engine: "compiled" });
const two = openKernels({ engine: "compiled", threads: 2 });
afterAll(() => {
  one.close();
  two.close();
});

const seed = fc.nat(1 << 30);
/** Dimensions that are a multiple of a vector, of none, and one. */
const dimension = fc.constantFrom(1, 3, 4, 7, 8, 12, 16, 33);

function numbers(draw: () => number, length: number): Float32Array {
  return Float32Array.from({ length }, () => draw() - 0.5);
}

/** Rows of up to 9 different columns in ascending order; some are empty. */
function entries(
  draw: () => number,
  size: { readonly rows: number; readonly columns: number },
): Required<SparseEntries> {
  const offsets = [0];
  const columns: number[] = [];
  for (let row = 0; row < size.rows; row++) {
    const chosen = new Set<number>();
    for (let i = Math.floor(draw() * 10); i > 0; i--) {
      chosen.add(Math.floor(draw() * size.columns));
    }
    if (size.columns > 0) columns.push(...[...chosen].sort((a, b) => a - b));
    offsets.push(columns.length);
  }
  return {
    offsets: Int32Array.from(offsets),
    columns: Int32Array.from(columns),
    values: Float32Array.from(columns, () => 0.25 + draw()),
  };
}

/** Compared here, for a difference of thousands of numbers is slow to print. */
function expectSameBits(got: ArrayLike<number>, wanted: ArrayLike<number>) {
  expect(got.length).toBe(wanted.length);
  for (let i = 0; i < got.length; i++) {
    if (!Object.is(got[i], wanted[i]))
      expect(got[i], `at ${i}`).toBe(wanted[i]);
  }
}

function expectNear(
  got: Float32Array,
  wanted: Float32Array,
  tolerance: number,
): void {
  expect(got.length).toBe(wanted.length);
  got.forEach((x, i) => {
    const difference = Math.abs(x - (wanted[i] ?? NaN));
    expect(difference, `at ${i}`).toBeLessThanOrEqual(
      tolerance * (1 + Math.abs(wanted[i] ?? 0)),
    );
  });
}

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

function alsTask(s: number, d: number, rows: number): AlsRows {
  const draw = seededRandom(s);
  const columns = 40;
  const fixed = numbers(draw, columns * d);
  const side = entries(draw, { rows, columns });
  return {
    ...side,
    weights: side.values,
    fixed,
    spectrum: Float32Array.from({ length: d }, () => draw() * 9),
    solution: numbers(draw, rows * d),
    regularisation: Float32Array.from({ length: rows }, () => 0.1 + draw()),
    alpha0: 0.3,
    dimension: d,
    from: 0,
    to: rows,
    steps: 3,
  };
}

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

function pairSearch(s: number, rows: number, k: number): PairSearch {
  const draw = seededRandom(s);
  const [units, columns] = [60, 50];
  const left = entries(draw, { rows, columns: units });
  const right = entries(draw, { rows: units, columns });
  const terms = (count: number) =>
    Float32Array.from({ length: 3 * count }, (_, i) =>
      i % 3 === 0 ? draw() / 9 : draw(),
    );
  const isBinary = draw() < 0.5;
  return {
    left,
    right: isBinary
      ? { offsets: right.offsets, columns: right.columns }
      : right,
    columnCount: columns,
    k,
    rowTerms: terms(rows),
    columnTerms: terms(columns),
    overlap: draw() / 9,
    shrink: 5,
    skipDiagonal: draw() < 0.5,
  };
}

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

const refusals: readonly [string, (kernels: Kernels) => void, string][] = [
  [
    "a row that is not a number",
    (k) => k.createScan(Float32Array.of(1, NaN), 1, "bytes"),
    "row 1 holds NaN",
  ],
  [
    "a query that is not a number",
    (k) =>
      k
        .createScan(new Float32Array(4), 2, "floats")
        .best(Float32Array.of(NaN, 0), 1),
    "2 finite numbers",
  ],
  [
    "numbers that are not rows",
    (k) => k.createScan(new Float32Array(5), 2, "floats"),
    "5 numbers are not rows of 2",
  ],
  [
    "a column that is not there",
    (k) => {
      k.alsRows({ ...alsTask(1, 4, 3), columns: new Int32Array(99).fill(40) });
    },
    "column 40",
  ],
  [
    "offsets that turn back",
    (k) =>
      k.bestPairs({
        ...pairSearch(1, 2, 1),
        left: { offsets: Int32Array.of(0, 2, 1), columns: Int32Array.of(0, 1) },
      }),
    "offset 2 is 1",
  ],
  [
    "a value of NaN",
    (k) =>
      k.sparseProduct({
        ...pairSearch(1, 2, 1),
        left: {
          offsets: Int32Array.of(0, 1),
          columns: Int32Array.of(0),
          values: Float32Array.of(NaN),
        },
      }),
    "value NaN",
  ],
];

test.each(refusals)("refuses %s", (_, call, message) => {
  for (const kernels of [one.kernels, two.kernels, plainKernels]) {
    expect(() => {
      call(kernels);
    }).toThrow(message);
  }
});

test("says how much memory is missing, and works on after that", () => {
  const small = openKernels({ engine: "compiled", memoryBytes: 1 << 20 });
  expect(() => small.kernels.gram(new Float32Array(1 << 20), 8)).toThrow(
    /need 5 MiB at once and may use 1/,
  );
  expect([...small.kernels.gram(Float32Array.of(2), 1)]).toEqual([4]);
  small.close();
});

test("threads are from 1 to 64", () => {
  for (const threads of [0, 1.5, 65, NaN]) {
    expect(() => openKernels({ threads })).toThrow("threads");
  }
  expect(openKernels({ engine: "plain" }).kernels).toBe(plainKernels);
});
