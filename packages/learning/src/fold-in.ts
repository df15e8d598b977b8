import type { Kernels, Ridge } from "@recsys/contracts";
import { dotRows, SMALLEST_PIVOT, solveInPlace } from "./cholesky.ts";
import {
  confidence,
  rowRegularisation,
  type FoldInTerms,
} from "./fold-in-terms.ts";

interface FoldInModel {
  readonly dimension: number;
  readonly factors: Float32Array;
  readonly gram: Float32Array;
  readonly terms: FoldInTerms;
  /** Where they are given, the system of a history is solved by them. */
  readonly kernels?: Pick<Kernels, "createRidge"> | undefined;
}

/**
 * A function from a history to the minimiser of the user's part of the iALS
 * loss: (alpha0 G + sum c q qᵀ + reg I) x = sum c q, in double precision.
 * Where G is diagonal, as training leaves it, and the history is shorter than
 * the vectors, by the Woodbury identity in the space of the history, else by
 * Cholesky. Positions out of range and weights not above 0 are left out; an
 * item given twice counts with the sum of its weights. Nothing left gives the
 * zero vector. O(n² d / 2 + n³ / 6) for n < d items, else O(n d² / 2 + d³ / 6).
 */
export function createFoldIn(
  model: FoldInModel,
): (items: Int32Array, weights: Float32Array) => Float32Array {
  const d = model.dimension;
  const count = d === 0 ? 0 : model.factors.length / d;
  const { alpha0, typicalWeight, foldPower } = model.terms;
  const rooms = {
    diagonal: diagonalOf(model),
    system: new Float64Array(d * d),
    rows: new Float64Array(d * d),
    root: new Float64Array(d),
    vector: new Float64Array(d),
    ridge: d > 0 ? model.kernels?.createRidge(d) : undefined,
  };
  return (items, weights) => {
    const summed = new Map<number, number>();
    items.forEach((item, i) => {
      const weight = weights[i] ?? 0;
      if (item >= 0 && item < count && weight > 0) {
        summed.set(item, (summed.get(item) ?? 0) + weight);
      }
    });
    if (summed.size === 0) return new Float32Array(d);
    // In the order of positions, so that the order of the history changes no bit.
    const positions = Int32Array.from(summed.keys()).sort();
    const history: FoldedHistory = {
      starts: positions.map((item) => item * d),
      weights: Float64Array.from(positions, (item) =>
        confidence(summed.get(item) ?? 0, typicalWeight, foldPower),
      ),
      regularisation: rowRegularisation(model.terms, summed.size, count),
      alpha0,
    };
    if (!solveInHistory(model, rooms, history)) {
      solveInFull(model, rooms, history);
    }
    return Float32Array.from(rooms.vector);
  };
}

interface FoldedHistory {
  /** Where the vector of each item begins. */
  readonly starts: Int32Array;
  readonly weights: Float64Array;
  readonly regularisation: number;
  readonly alpha0: number;
}

/** Arrays that all calls of one model share; the result is left in `vector`. */
interface Rooms {
  /** The diagonal of the Gram matrix; null where it has anything else. */
  readonly diagonal: Float64Array | null;
  readonly system: Float64Array;
  readonly rows: Float64Array;
  readonly root: Float64Array;
  readonly vector: Float64Array;
  readonly ridge: Ridge | undefined;
}

function diagonalOf({ gram, dimension: d }: FoldInModel): Float64Array | null {
  const isDiagonal = gram.every((x, i) => x === 0 || i % (d + 1) === 0);
  return isDiagonal
    ? Float64Array.from({ length: d }, (_, i) => gram[i * d + i] ?? 0)
    : null;
}

/**
 * With M = alpha0 G + reg I diagonal, rows of Q the items and C their weights:
 * x = M⁻¹ Qᵀ y, where (C⁻¹ + Q M⁻¹ Qᵀ) y = 1: one unknown per item (Woodbury;
 * Golub and Van Loan, 2.1.4). False where that does not apply.
 */
function solveInHistory(
  model: FoldInModel,
  rooms: Rooms,
  history: FoldedHistory,
): boolean {
  const { dimension: d, factors } = model;
  const { diagonal, root, vector, ridge } = rooms;
  const { starts, regularisation, alpha0 } = history;
  const n = starts.length;
  if (diagonal === null || n >= d) return false;
  for (let j = 0; j < d; j++) {
    const pivot = alpha0 * (diagonal[j] ?? 0) + regularisation;
    if (!(pivot > SMALLEST_PIVOT)) return false;
    root[j] = 1 / Math.sqrt(pivot);
  }
  const rows = ridge?.rows ?? rooms.rows;
  const stride = ridge?.stride ?? d;
  for (let i = 0; i < n; i++) {
    const start = starts[i] ?? 0;
    for (let j = 0; j < d; j++) {
      rows[i * stride + j] = (factors[start + j] ?? 0) * (root[j] ?? 0);
    }
  }
  const y =
    ridge === undefined
      ? sharesOf(rooms, history, d)
      : sharesByKernel(ridge, history);
  vector.fill(0);
  for (let i = 0; i < n; i++) {
    const share = y[i] ?? 0;
    for (let j = 0; j < d; j++) {
      vector[j] = (vector[j] ?? 0) + share * (rows[i * stride + j] ?? 0);
    }
  }
  for (let j = 0; j < d; j++) vector[j] = (vector[j] ?? 0) * (root[j] ?? 0);
  return true;
}

function sharesByKernel(ridge: Ridge, { weights }: FoldedHistory) {
  for (let i = 0; i < weights.length; i++) ridge.y[i] = 1 / (weights[i] ?? 0);
  ridge.solve(weights.length);
  return ridge.y;
}

function sharesOf(
  { system, rows }: Rooms,
  { weights }: FoldedHistory,
  d: number,
): Float64Array {
  const n = weights.length;
  for (let i = 0; i < n; i++) {
    for (let k = 0; k <= i; k++) {
      system[i * n + k] = dotRows(rows, { p: i * d, q: k * d }, d);
    }
    system[i * n + i] = (system[i * n + i] ?? 0) + 1 / (weights[i] ?? 0);
  }
  const y = new Float64Array(n).fill(1);
  solveInPlace(system, y);
  return y;
}

function solveInFull(
  model: FoldInModel,
  { system, vector }: Rooms,
  { starts, weights, regularisation, alpha0 }: FoldedHistory,
): void {
  const { dimension: d, gram } = model;
  for (let i = 0; i < system.length; i++) system[i] = alpha0 * (gram[i] ?? 0);
  for (let i = 0; i < d; i++) {
    system[i * d + i] = (system[i * d + i] ?? 0) + regularisation;
  }
  vector.fill(0);
  const whole = starts.length - (starts.length % 4);
  for (let n = 0; n < whole; n += 4) {
    addFourItems(model, system, {
      starts: starts.subarray(n, n + 4),
      weights: weights.subarray(n, n + 4),
    });
  }
  starts.forEach((start, n) => {
    const weight = weights[n] ?? 0;
    const term = { start, weight };
    if (n >= whole) addItem(model, system, term);
    for (let i = 0; i < d; i++) {
      vector[i] = (vector[i] ?? 0) + weight * (model.factors[start + i] ?? 0);
    }
  });
  solveInPlace(system, vector);
}

/** Lower triangle only: the solver reads no other. */
function addItem(
  { dimension: d, factors }: FoldInModel,
  system: Float64Array,
  { start, weight }: { readonly start: number; readonly weight: number },
): void {
  for (let i = 0; i < d; i++) {
    const scaled = weight * (factors[start + i] ?? 0);
    const row = i * d;
    for (let j = 0; j <= i; j++) {
      system[row + j] =
        (system[row + j] ?? 0) + scaled * (factors[start + j] ?? 0);
    }
  }
}

/** The same for four, so that each entry is read and stored once for all. */
function addFourItems(
  { dimension: d, factors }: FoldInModel,
  system: Float64Array,
  four: Pick<FoldedHistory, "starts" | "weights">,
): void {
  const [a = 0, b = 0, c = 0, e = 0] = four.starts;
  const [wa = 0, wb = 0, wc = 0, we = 0] = four.weights;
  for (let i = 0; i < d; i++) {
    const sa = wa * (factors[a + i] ?? 0);
    const sb = wb * (factors[b + i] ?? 0);
    const sc = wc * (factors[c + i] ?? 0);
    const se = we * (factors[e + i] ?? 0);
    const row = i * d;
    for (let j = 0; j <= i; j++) {
      system[row + j] =
        (system[row + j] ?? 0) +
        (sa * (factors[a + j] ?? 0) + sb * (factors[b + j] ?? 0)) +
        (sc * (factors[c + j] ?? 0) + se * (factors[e + j] ?? 0));
    }
  }
}
