import type { Model } from "./model.ts";
import { fitPairs, PAIR_PARAMETERS } from "./similarity.ts";

const parameters = {
  ...PAIR_PARAMETERS,
  neighbours: { ...PAIR_PARAMETERS.neighbours, default: 1000 },
  person_power: {
    default: 0.6,
    minimum: 0,
    maximum: 2,
    unit: "exponent",
    description:
      "A person's row is divided by the number of items to this power.",
  },
  item_power: {
    default: 0.4,
    minimum: 0,
    maximum: 2,
    unit: "exponent",
    description:
      "An item's column is divided by the number of people to this power.",
  },
  power: {
    default: 0.7,
    minimum: 0.01,
    maximum: 2,
    unit: "exponent",
    description: "Taken of each entry of the filter: less flattens it.",
  },
} as const;

/**
 * First-order polynomial low-pass filter of the item graph: with R the
 * person × item matrix of zeros and ones, R~ = D_u^−a R D_i^−b (a
 * person_power, b item_power), W = (R~ᵀ R~)^power entry by entry, score = R W.
 * Of each column the `neighbours` largest entries are kept, without the
 * diagonal, which only scores what a person had. Nothing is trained.
 * Source: Park et al., "Turbo-CF: matrix decomposition-free graph filtering
 * for fast recommendation" (SIGIR 2024); the family: Shen et al., "How
 * powerful is graph convolution for recommendation?" (GF-CF, CIKM 2021).
 */
export const graphFilter: Model = {
  name: "graph-filter",
  parameters,
  fit: (interactions, overrides, context) =>
    fitPairs(
      {
        parameters,
        formula: ({ person_power, item_power, power }) => ({
          vote: (items) => items ** (-2 * person_power),
          target: (people) => [0, people ** item_power, 0],
          voter: (people) => [0, people ** item_power, 0],
          power,
        }),
      },
      { interactions, overrides, context },
    ),
};
