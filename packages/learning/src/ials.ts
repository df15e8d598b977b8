import { seededRandom, type AlsRows, type Kernels } from "@recsys/contracts";
import { FACTORS, type FactorsModel } from "./factors.ts";
import {
  confidence,
  rowRegularisation,
  type FoldInTerms,
} from "./fold-in-terms.ts";
import { itemSeeds } from "./item-seeds.ts";
import { stored } from "./layout.ts";
import { resolveParameters } from "./parameters.ts";
import { principalAxes, turnRows } from "./principal-axes.ts";
import type { LearnContext, Signal } from "./signal.ts";
import { personRows, transpose, type SparseRows } from "./sparse-rows.ts";

const parameters = {
  dimension: {
    default: 128,
    minimum: 1,
    maximum: 1024,
    integer: true,
    unit: "numbers",
    description: "Length of the vectors of items and people.",
  },
  sweeps: {
    default: 8,
    minimum: 1,
    maximum: 200,
    integer: true,
    unit: "sweeps",
    description: "Times that all people and then all items are solved.",
  },
  steps: {
    default: 3,
    minimum: 1,
    maximum: 100,
    integer: true,
    unit: "steps",
    description: "Conjugate-gradient steps per vector and sweep.",
  },
  unobserved_ratio: {
    default: 20,
    minimum: 0.01,
    maximum: 10000,
    unit: "ratio",
    description:
      "Summed weight of the pairs that did not happen, as a multiple of those that did: the same on sparse and dense data, where a fixed alpha0 is not.",
  },
  alpha0: {
    default: 0,
    minimum: 0,
    maximum: 10,
    unit: "weight",
    description:
      "Weight of a pair that did not happen, where a typical one that did weighs 1; 0 = from unobserved_ratio.",
  },
  regularisation: {
    default: 0.3,
    minimum: 0,
    maximum: 100,
    unit: "weight",
    description: "Pull towards zero, before its scaling by frequency.",
  },
  frequency_power: {
    default: 0.5,
    minimum: 0,
    maximum: 1,
    unit: "exponent",
    description:
      "Regularisation of a vector grows with (entries + alpha0 * columns)^power.",
  },
  weight_power: {
    default: 0,
    minimum: 0,
    maximum: 1,
    unit: "exponent",
    description:
      "Confidence of a pair is (summed weight / median)^power: 0 = had it or not, 1 = proportional.",
  },
  fold_power: {
    default: 0.5,
    minimum: 0,
    maximum: 1,
    unit: "exponent",
    description:
      "The same when a user is folded in: weights that fade with age let the newest events lead.",
  },
} as const;

/**
 * Implicit matrix factorisation by alternating least squares. With x_ui = 1
 * for pairs that happened, c_ui their confidence, over users u and items i:
 * minimise sum_happened c_ui (1 - p_u q_i)² + alpha0 sum_all (p_u q_i)² +
 * sum_u reg_u |p_u|² + sum_i reg_i |q_i|², where reg_u = regularisation *
 * (n_u + alpha0 N)^frequency_power. Guests and pairs whose summed weight is
 * not positive are left out. Only item vectors and their Gram matrix are
 * kept: a user's vector is the exact solution for the newest history
 * (`foldIn`). Calibration: p_u q_i divided by the user's largest over the
 * whole catalogue, negatives as 0: a norm of user and artifact, never of the
 * pool, taken where the user's vector is known, in ranking.
 * Sources: Hu, Koren, Volinsky (ICDM 2008); Rendle et al., "Revisiting the
 * Performance of iALS" (RecSys 2022); conjugate gradient: Takács et al. 2011.
 */
export const ials: Signal<"ials"> = {
  ...stored("ials", FACTORS),
  parameters,
  compute(interactions, overrides, context) {
    const resolved = resolveParameters(parameters, overrides);
    const rows = personRows(interactions);
    const cells = (rows.offsets.length - 1) * rows.columnCount;
    const terms: FoldInTerms = {
      alpha0:
        resolved.alpha0 > 0
          ? resolved.alpha0
          : (resolved.unobserved_ratio * rows.values.length) /
            Math.max(1, cells),
      regularisation: resolved.regularisation,
      frequencyPower: resolved.frequency_power,
      foldPower: resolved.fold_power,
      typicalWeight: median(rows.values),
    };
    const byUser = {
      ...rows,
      values: rows.values.map((weight) =>
        confidence(weight, terms.typicalWeight, resolved.weight_power),
      ),
    };
    const factors = train(
      { byUser, ids: interactions.items, terms, ...resolved },
      context,
    );
    return {
      ids: interactions.items,
      dimension: resolved.dimension,
      ...alongPrincipalAxes(factors, resolved.dimension, context.kernels),
      terms,
      parameters: resolved,
    } satisfies FactorsModel;
  },
};

/**
 * Turns the vectors into the coordinates in which their Gram matrix is
 * diagonal: no product of two vectors changes, and a fold-in need not
 * factorise a matrix as large as the vectors.
 */
function alongPrincipalAxes(
  factors: Float32Array,
  d: number,
  kernels: Kernels,
): Pick<FactorsModel, "factors" | "gram"> {
  turnRows(factors, principalAxes(kernels.gram(factors, d), d), d);
  // What rounding leaves beside the diagonal is below the precision of the vectors.
  const gram = kernels
    .gram(factors, d)
    .map((x, i) => (i % (d + 1) === 0 ? x : 0));
  return { factors, gram };
}

interface Training {
  readonly byUser: SparseRows;
  readonly ids: readonly string[];
  readonly terms: FoldInTerms;
  readonly dimension: number;
  readonly sweeps: number;
  readonly steps: number;
}

/** People first, so that the sweep starts from the items' seeds alone; the items are solved last and are what is kept. */
function train(training: Training, context: LearnContext): Float32Array {
  const { byUser, dimension: d, sweeps } = training;
  const { kernels, onProgress } = context;
  const byItem = transpose(byUser);
  const items = initialFactors(training, byItem);
  const users = new Float32Array((byUser.offsets.length - 1) * d);
  const userSide = side(training, byUser, { fixed: items, solution: users });
  const itemSide = side(training, byItem, { fixed: users, solution: items });
  for (let sweep = 0; sweep < sweeps; sweep++) {
    solveSide(kernels, userSide);
    onProgress?.((sweep + 0.5) / sweeps);
    solveSide(kernels, itemSide);
    onProgress?.((sweep + 1) / sweeps);
  }
  return items;
}

/** Uniform with variance 1/d times 0.1², from each item's own seed. */
function initialFactors(training: Training, byItem: SparseRows): Float32Array {
  const { byUser, ids, dimension: d } = training;
  const seeds = itemSeeds(byUser, byItem);
  const spread = 0.1 * Math.sqrt(12 / d);
  const factors = new Float32Array(ids.length * d);
  seeds.forEach((seed, item) => {
    const draw = seededRandom(seed);
    for (let j = 0; j < d; j++) factors[item * d + j] = (draw() - 0.5) * spread;
  });
  return factors;
}

type Side = Omit<AlsRows, "gram" | "from" | "to">;

function side(
  training: Training,
  rows: SparseRows,
  vectors: Pick<AlsRows, "fixed" | "solution">,
): Side {
  const { terms, dimension, steps } = training;
  const count = rows.offsets.length - 1;
  const regularisation = Float32Array.from({ length: count }, (_, row) => {
    const entries = (rows.offsets[row + 1] ?? 0) - (rows.offsets[row] ?? 0);
    return rowRegularisation(terms, entries, rows.columnCount);
  });
  return {
    ...vectors,
    offsets: rows.offsets,
    columns: rows.columns,
    weights: Float32Array.from(rows.values),
    regularisation,
    alpha0: terms.alpha0,
    dimension,
    steps,
  };
}

/** Rows per call of the kernel: compiled kernels must return now and then to be replaced by their optimised code. */
const CHUNK = 256;

function solveSide(kernels: Kernels, one: Side): void {
  const gram = kernels.gram(one.fixed, one.dimension);
  const count = one.offsets.length - 1;
  for (let from = 0; from < count; from += CHUNK) {
    kernels.alsRows({ ...one, gram, from, to: Math.min(from + CHUNK, count) });
  }
}

function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  return sorted[sorted.length >> 1] ?? 1;
}
