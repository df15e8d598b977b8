import type { Model } from "./model.ts";
import { fitPairs, PAIR_PARAMETERS } from "./similarity.ts";

const parameters = {
  ...PAIR_PARAMETERS,
  alpha: {
    default: 1,
    minimum: 0,
    maximum: 3,
    unit: "exponent",
    description: "Taken of the probability of each step of the walk.",
  },
  beta: {
    default: 0.2,
    minimum: 0,
    maximum: 2,
    unit: "exponent",
    description:
      "Popularity of the item at the end is divided out to this power.",
  },
} as const;

/**
 * A walk from item j over one of its people to one of that person's items i:
 * the vote of j for i is sum_u (1 / n_j)^alpha (1 / n_u)^alpha / n_i^beta over
 * people u who had both, n the degrees. Score: sum of the votes of a history,
 * the third step. Source: Paudel et al., "Updatable, accurate, diverse, and
 * scalable recommendations for interactive applications" (TiiS 2017).
 */
export const rp3Beta: Model = {
  name: "rp3-beta",
  parameters,
  fit: (interactions, overrides, context) =>
    fitPairs(
      {
        parameters,
        formula: ({ alpha, beta }) => ({
          vote: (items) => items ** -alpha,
          target: (people) => [0, people ** beta, 0],
          voter: (people) => [0, people ** alpha, 0],
        }),
      },
      { interactions, overrides, context },
    ),
};
