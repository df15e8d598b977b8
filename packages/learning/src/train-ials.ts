import { seededRandom, type AlsRows, type Kernels } from "@recsys/contracts";
import type { FactorsModel } from "./factors.ts";
import { rowRegularisation, type FoldInTerms } from "./fold-in-terms.ts";
import { itemSeeds } from "./item-seeds.ts";
import { principalAxes } from "./principal-axes.ts";
import { transpose, type SparseRows } from "./sparse-rows.ts";

/** Item vectors with their Gram matrix, which is diagonal. */
export type TrainedFactors = Pick<FactorsModel, "factors" | "gram">;

export interface IalsTraining {
  /** People × items, values are confidences. */
  readonly byUser: SparseRows;
  readonly ids: readonly string[];
  readonly terms: FoldInTerms;
  readonly dimension: number;
  readonly sweeps: number;
  readonly steps: number;
  /** Vectors of an earlier training of the same dimension; items that it knows start there. */
  readonly start?: Pick<FactorsModel, "ids" | "factors" | "dimension">;
  /** Ends the training when the measure has not grown for `patience` sweeps; the best sweep is kept. */
  readonly validation?: IalsValidation;
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

export interface IalsValidation {
  readonly measure: (trained: TrainedFactors) => number;
  readonly patience: number;
}

/**
 * Sweeps over people and then items, people first, so that a sweep starts
 * from the items' vectors alone; the items are solved last and are what is
 * kept. Before each half both sides are turned into the principal axes of the
 * fixed one: products of vectors stay, conjugate gradient takes the same
 * steps, and the Gram matrix costs d a row instead of d².
 */
export function trainIals(
  training: IalsTraining,
  kernels: Kernels,
): TrainedFactors {
  const { byUser, dimension: d, sweeps, onProgress } = training;
  const byItem = transpose(byUser);
  const wide = Math.ceil(d / kernels.lane) * kernels.lane;
  return kernels.workspace((space) => {
    const items = space.f32(training.ids.length * wide);
    const users = space.f32((byUser.offsets.length - 1) * wide);
    startItems(training, byItem, { items, wide });
    const halves = [
      half(training, byUser, { fixed: items, solution: users, wide, space }),
      half(training, byItem, { fixed: users, solution: items, wide, space }),
    ];
    const watch = bestSweep(training.validation);
    for (let sweep = 0; sweep < sweeps; sweep++) {
      halves.forEach((one, i) => {
        // No person has a vector before the first half is solved.
        solveHalf(kernels, one, { d, isFirst: sweep + i === 0 });
        onProgress?.((sweep + (i + 1) / 2) / sweeps);
      });
      const isEnd = watch(() =>
        alongPrincipalAxes(kernels, items, { d, wide }),
      );
      if (isEnd) break;
    }
    onProgress?.(1);
    return watch.best() ?? alongPrincipalAxes(kernels, items, { d, wide });
  });
}

/** The best sweep so far by the validation's measure; a call says whether to stop. */
function bestSweep(validation: IalsValidation | undefined) {
  let best: TrainedFactors | null = null;
  let most = -Infinity;
  let since = 0;
  const watch = (trained: () => TrainedFactors): boolean => {
    if (validation === undefined) return false;
    const now = trained();
    const measured = validation.measure(now);
    if (measured > most) {
      most = measured;
      best = now;
      since = 0;
    } else {
      since++;
    }
    return since >= validation.patience;
  };
  return Object.assign(watch, { best: () => best });
}

/**
 * A copy of the vectors in the coordinates in which their Gram matrix is
 * diagonal, so that a fold-in need not factorise a matrix as large as them.
 */
function alongPrincipalAxes(
  kernels: Kernels,
  items: Float32Array,
  { d, wide }: { readonly d: number; readonly wide: number },
): TrainedFactors {
  const factors = new Float32Array((items.length / wide) * d);
  for (let row = 0; row * wide < items.length; row++) {
    factors.set(items.subarray(row * wide, row * wide + d), row * d);
  }
  kernels.turnRows(factors, principalAxes(kernels.gram(factors, d), d).axes, d);
  // What rounding leaves beside the diagonal is below the precision of the vectors.
  const gram = kernels
    .gram(factors, d)
    .map((x, i) => (i % (d + 1) === 0 ? x : 0));
  return { factors, gram };
}

/** Uniform with variance 1/d times 0.1², from each item's own seed; earlier vectors where there are any. */
function startItems(
  training: IalsTraining,
  byItem: SparseRows,
  into: { readonly items: Float32Array; readonly wide: number },
): void {
  const { byUser, ids, dimension: d, start } = training;
  if (start !== undefined && start.dimension !== d) {
    throw new Error(
      `vectors of ${start.dimension} numbers cannot start a training of ${d}`,
    );
  }
  const seeds = itemSeeds(byUser, byItem);
  const spread = 0.1 * Math.sqrt(12 / d);
  const { items, wide } = into;
  const known = new Map(start?.ids.map((id, position) => [id, position]));
  ids.forEach((id, item) => {
    const earlier = known.get(id);
    if (start !== undefined && earlier !== undefined) {
      items.set(
        start.factors.subarray(earlier * d, (earlier + 1) * d),
        item * wide,
      );
      return;
    }
    const draw = seededRandom(seeds[item] ?? 0);
    for (let j = 0; j < d; j++)
      items[item * wide + j] = (draw() - 0.5) * spread;
  });
}

type Half = Omit<AlsRows, "spectrum" | "from" | "to">;

function half(
  training: IalsTraining,
  rows: SparseRows,
  at: {
    readonly fixed: Float32Array;
    readonly solution: Float32Array;
    readonly wide: number;
    readonly space: {
      readonly f32: (length: number) => Float32Array;
      readonly i32: (length: number) => Int32Array;
    };
  },
): Half {
  const { terms, steps } = training;
  const { space, fixed, solution, wide } = at;
  const count = rows.offsets.length - 1;
  const regularisation = space.f32(count);
  for (let row = 0; row < count; row++) {
    const entries = (rows.offsets[row + 1] ?? 0) - (rows.offsets[row] ?? 0);
    regularisation[row] = rowRegularisation(terms, entries, rows.columnCount);
  }
  const offsets = space.i32(rows.offsets.length);
  const columns = space.i32(rows.columns.length);
  const weights = space.f32(rows.values.length);
  offsets.set(rows.offsets);
  columns.set(rows.columns);
  weights.set(rows.values);
  return {
    fixed,
    solution,
    offsets,
    columns,
    weights,
    regularisation,
    alpha0: terms.alpha0,
    dimension: wide,
    steps,
  };
}

function solveHalf(
  kernels: Kernels,
  one: Half,
  at: { readonly d: number; readonly isFirst: boolean },
): void {
  const { dimension: wide, fixed, solution, offsets } = one;
  const { axes, spectrum } = paddedAxes(kernels.gram(fixed, wide), at.d, wide);
  kernels.turnRows(fixed, axes, wide);
  if (!at.isFirst) kernels.turnRows(solution, axes, wide);
  kernels.alsRows({ ...one, spectrum, from: 0, to: offsets.length - 1 });
}

/** Axes of the first d coordinates; the others are padding and stay what they are. */
function paddedAxes(gram: Float32Array, d: number, wide: number) {
  const square = new Float32Array(d * d);
  for (let i = 0; i < d; i++) {
    square.set(gram.subarray(i * wide, i * wide + d), i * d);
  }
  const found = principalAxes(square, d);
  const axes = new Float64Array(wide * wide);
  const spectrum = new Float32Array(wide);
  for (let i = 0; i < wide; i++) {
    if (i < d) {
      axes.set(found.axes.subarray(i * d, (i + 1) * d), i * wide);
      // Rounding can take the least ones below zero.
      spectrum[i] = Math.max(0, found.spectrum[i] ?? 0);
    } else {
      axes[i * wide + i] = 1;
    }
  }
  return { axes, spectrum };
}
