import type { Model } from "./model.ts";
import { fitPairs, PAIR_PARAMETERS } from "./similarity.ts";

const parameters = {
  ...PAIR_PARAMETERS,
  shrink: {
    default: 10,
    minimum: 0,
    maximum: 10000,
    unit: "people",
    description:
      "Meetings that chance would have to explain before a lift counts in full.",
  },
  power: {
    default: 0.5,
    minimum: 0.01,
    maximum: 1,
    unit: "exponent",
    description: "Taken of each vote: lifts of rare pairs are large.",
  },
} as const;

/**
 * With n_i the people of an item, n_ij of both and N all, the vote of j for i
 * is (n_ij / (n_i n_j / N + shrink))^power: how many times more often than by
 * chance the two meet. Score: sum of the votes of a history. Nobody at all
 * gives no votes. Source: Brin et al., "Dynamic itemset counting" (SIGMOD
 * 1997), there called interest.
 */
export const itemLift: Model = {
  name: "item-lift",
  parameters,
  fit: (interactions, overrides, context) =>
    fitPairs(
      {
        parameters,
        formula: ({ shrink, power }, { itemsOf }) => ({
          target: (people) => [0, people / Math.max(1, itemsOf.length), 0],
          voter: (people) => [0, people, 0],
          shrink,
          power,
        }),
      },
      { interactions, overrides, context },
    ),
};
