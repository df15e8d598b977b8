import { FACTORS, type FactorsModel } from "./factors.ts";
import { confidence, type FoldInTerms } from "./fold-in-terms.ts";
import { stored } from "./layout.ts";
import { resolveParameters } from "./parameters.ts";
import type { Interactions } from "./interactions.ts";
import type { LearnContext, Signal } from "./signal.ts";
import { personRows } from "./sparse-rows.ts";
import {
  trainIals,
  type IalsTraining,
  type IalsValidation,
} from "./train-ials.ts";

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
  compute: learnIals,
};

interface IalsContext extends LearnContext {
  /** A model to start from, of the same dimension. */
  readonly start?: FactorsModel;
  /** Measures each sweep's model, more is better, and stops `patience` sweeps after the best. */
  readonly validation?: {
    readonly measure: (model: FactorsModel) => number;
    readonly patience: number;
  };
}

/** `ials` with a warm start and an early stop. */
export function learnIals(
  interactions: Interactions,
  overrides: Readonly<Record<string, number>>,
  context: IalsContext,
): FactorsModel {
  const resolved = resolveParameters(parameters, overrides);
  const { dimension, sweeps, steps } = resolved;
  const rows = personRows(interactions);
  const cells = (rows.offsets.length - 1) * rows.columnCount;
  const terms: FoldInTerms = {
    alpha0:
      resolved.alpha0 > 0
        ? resolved.alpha0
        : (resolved.unobserved_ratio * rows.values.length) / Math.max(1, cells),
    regularisation: resolved.regularisation,
    frequencyPower: resolved.frequency_power,
    foldPower: resolved.fold_power,
    typicalWeight: median(rows.values),
  };
  const values = rows.values.map((weight) =>
    confidence(weight, terms.typicalWeight, resolved.weight_power),
  );
  const ids = interactions.items;
  const about = { ids, dimension, terms, parameters: resolved };
  const training: IalsTraining = {
    byUser: { ...rows, values },
    ids,
    terms,
    dimension,
    sweeps,
    steps,
    onProgress: context.onProgress,
    ...(context.start && { start: context.start }),
    ...(context.validation && {
      validation: ofModels(context.validation, about),
    }),
  };
  return { ...about, ...trainIals(training, context.kernels) };
}

function ofModels(
  { measure, patience }: NonNullable<IalsContext["validation"]>,
  about: Omit<FactorsModel, "factors" | "gram">,
): IalsValidation {
  return {
    measure: (trained) => measure({ ...about, ...trained }),
    patience,
  };
}

function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  return sorted[sorted.length >> 1] ?? 1;
}
