import type { Model } from "./model.ts";
import { fitPairs, PAIR_PARAMETERS, SHRINK } from "./similarity.ts";

const parameters = { ...PAIR_PARAMETERS, shrink: SHRINK } as const;

/**
 * With n_i the people of an item and n_ij of both, the vote of j for i is
 * n_ij / (n_i + n_j − n_ij + shrink): the share of those who had either that
 * had both. Score: sum of the votes of a history. An item without company has
 * no votes. Source: Jaccard (1901); shrinkage as Bell and Koren (KDD Cup 2007).
 */
export const itemJaccard: Model = {
  name: "item-jaccard",
  parameters,
  fit: (interactions, overrides, context) =>
    fitPairs(
      {
        parameters,
        formula: ({ shrink }) => ({
          target: (people) => [0, 0, people],
          voter: (people) => [0, 0, people],
          overlap: 1,
          shrink,
        }),
      },
      { interactions, overrides, context },
    ),
};
