import type { Model } from "./model.ts";
import { fitPairs, PAIR_PARAMETERS, SHRINK } from "./similarity.ts";

const parameters = {
  ...PAIR_PARAMETERS,
  shrink: SHRINK,
  voter_share: {
    default: 0.5,
    minimum: 0,
    maximum: 1,
    unit: "share",
    description:
      "Share of the normalisation that the voter bears: 0.5 = cosine, more lets popular items be voted for by many.",
  },
} as const;

/**
 * With n_i the people of an item and n_ij of both, the vote of j for i is
 * n_ij / (n_j^share n_i^(1 − share) +
 * shrink); share 0.5 is the cosine. Score: sum of the votes of a history.
 * An item without company has no votes.
 * Sources: Sarwar et al. (WWW 2001); Aiolli (RecSys 2013) for the asymmetry;
 * Bell and Koren (KDD Cup 2007) for shrinkage.
 */
export const itemCosine: Model = {
  name: "item-cosine",
  parameters,
  fit: (interactions, overrides, context) =>
    fitPairs(
      {
        parameters,
        formula: ({ shrink, voter_share: share }) => ({
          target: (people) => [0, people ** (1 - share), 0],
          voter: (people) => [0, people ** share, 0],
          shrink,
        }),
      },
      { interactions, overrides, context },
    ),
};
