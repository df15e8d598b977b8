import {
  seededRandom,
  type AlsRows,
  type PairSearch,
  type SparseEntries,
} from "@recsys/contracts";
import fc from "fast-check";
import { expect } from "vitest";

export const seed = fc.nat(1 << 30);
/** Dimensions that are a multiple of a vector, of none, and one. */
export const dimension = fc.constantFrom(1, 3, 4, 7, 8, 12, 16, 33);

export function numbers(draw: () => number, length: number): Float32Array {
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
export function expectSameBits(
  got: ArrayLike<number>,
  wanted: ArrayLike<number>,
) {
  expect(got.length).toBe(wanted.length);
  for (let i = 0; i < got.length; i++) {
    if (!Object.is(got[i], wanted[i]))
      expect(got[i], `at ${i}`).toBe(wanted[i]);
  }
}

export function expectNear(
  got: Float32Array,
  wanted: Float32Array,
  tolerance: number,
): void {
  expect(got.length).toBe(wanted.length);
  for (let i = 0; i < got.length; i++) {
    const size = Math.abs(wanted[i] ?? NaN);
    const difference = Math.abs((got[i] ?? NaN) - (wanted[i] ?? NaN));
    // One assertion per number would take longer than the kernels.
    if (!(difference <= tolerance * (1 + size))) {
      expect(got[i], `at ${i}`).toBe(wanted[i]);
    }
  }
}

export function alsTask(s: number, d: number, rows: number): AlsRows {
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

export function pairSearch(s: number, rows: number, k: number): PairSearch {
  const draw = seededRandom(s);
  const [units, columns] = [60, 50];
  const left = entries(draw, { rows, columns: units });
  const right = entries(draw, { rows: units, columns });
  const isOnlyNorms = draw() < 0.3;
  const terms = (count: number) =>
    Float32Array.from({ length: 3 * count }, (_, i) => {
      const x = i % 3 === 0 ? draw() / 9 : draw();
      return isOnlyNorms && i % 3 !== 1 ? 0 : x;
    });
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
    overlap: isOnlyNorms ? 0 : draw() / 9,
    shrink: 5,
    skipDiagonal: draw() < 0.5,
  };
}
