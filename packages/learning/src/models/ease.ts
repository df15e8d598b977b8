import { resolveParameters } from "../parameters.ts";
import { HISTORY_LIMIT, historiesOf } from "./histories.ts";
import { eachOf, type Fitted, type Model } from "./model.ts";

/** Items of a dense model: its matrix has their square in numbers, 400 MB at this many. */
const MOST_ITEMS = 10_000;

export const RIDGE = {
  regularisation: {
    default: 300,
    minimum: 0.001,
    maximum: 1_000_000,
    unit: "people",
    description:
      "Added to the diagonal of the item-item matrix: more trusts few meetings less.",
  },
  frequency_power: {
    default: 0,
    minimum: 0,
    maximum: 1,
    unit: "exponent",
    description:
      "The regularisation of an item grows with (people / mean people)^power.",
  },
} as const;

const parameters = { ...RIDGE, ...HISTORY_LIMIT } as const;

/**
 * B minimises |X − X B|² + sum_j reg_j |B_j|² with a diagonal of zero, for the
 * person × item matrix X of zeros and ones: with P = (XᵀX + diag(reg))⁻¹,
 * B_ji = −P_ji / P_ii; score = x B. Weights may be negative. More than 10,000
 * items are an Error that names `ease-sparse`. An item that nobody had has a
 * row and a column of zeros.
 * Source: Steck, "Embarrassingly shallow autoencoders for sparse data" (WWW 2019).
 */
export const ease: Model = {
  name: "ease",
  parameters,
  fit(interactions, overrides, { kernels, onProgress }) {
    const resolved = resolveParameters(parameters, overrides);
    const { ids, people, items, peopleOf } = historiesOf(
      interactions,
      resolved.max_items_per_user,
    );
    const n = ids.length;
    if (n > MOST_ITEMS) {
      throw new Error(
        `ease takes up to ${MOST_ITEMS} items and there are ${n}: ease-sparse takes more`,
      );
    }
    const matrix = kernels.sparseProduct({
      left: items,
      right: people,
      columnCount: n,
    });
    onProgress?.(0.1);
    const penalty = penalties(peopleOf, resolved);
    for (let i = 0; i < n; i++) {
      matrix[i * n + i] = (matrix[i * n + i] ?? 0) + (penalty[i] ?? 0);
    }
    kernels.invertSpd(matrix, n);
    onProgress?.(0.9);
    toWeights(matrix, n);
    onProgress?.(1);
    return fittedMatrix(ids, resolved, matrix);
  },
};

/** What is added to the diagonal for each item. */
export function penalties(
  peopleOf: Float64Array,
  o: { readonly regularisation: number; readonly frequency_power: number },
): Float64Array {
  const sum = peopleOf.reduce((total, people) => total + people, 0);
  const mean = sum / Math.max(1, peopleOf.length);
  return peopleOf.map(
    (people) =>
      o.regularisation * Math.max(people / mean, 1e-6) ** o.frequency_power,
  );
}

function toWeights(matrix: Float32Array, n: number): void {
  const scale = Float64Array.from(
    { length: n },
    (_, i) => -1 / (matrix[i * n + i] ?? 1),
  );
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < n; i++) {
      const at = j * n + i;
      matrix[at] = i === j ? 0 : (matrix[at] ?? 0) * (scale[i] ?? 0);
    }
  }
}

function fittedMatrix(
  ids: readonly string[],
  parameters: Readonly<Record<string, number>>,
  weights: Float32Array,
): Fitted {
  const n = ids.length;
  return {
    ids,
    parameters,
    tensors: { weights },
    score: (history, into) => {
      eachOf(history, n, (item, weight) => {
        const row = item * n;
        for (let i = 0; i < n; i++) {
          into[i] = (into[i] ?? 0) + weight * (weights[row + i] ?? 0);
        }
      });
    },
  };
}
