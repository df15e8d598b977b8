import { boundRows } from "./bound-rows.ts";
import { coOccurrence, squaredNorms } from "./co-occurrence.ts";
import { stored } from "./layout.ts";
import {
  collectNeighbours,
  neighbourLimits,
  NEIGHBOURS,
} from "./neighbours.ts";
import { resolveParameters } from "./parameters.ts";
import type { Signal } from "./signal.ts";
import { personRows, type SparseRows } from "./sparse-rows.ts";

const parameters = {
  ...neighbourLimits({ neighbours: 200, row_limit: 500 }),
  shrink: {
    default: 0.1,
    minimum: 0,
    maximum: 1000,
    unit: "votes",
    description: "Added to the denominator: pairs with little evidence sink.",
  },
  chance_share: {
    default: 0.5,
    minimum: 0,
    maximum: 1,
    unit: "share",
    description:
      "Share of what chance explains that is taken off: n_i n_j / entries for items with n_i and n_j people.",
  },
  voter_share: {
    default: 0.7,
    minimum: 0,
    maximum: 1,
    unit: "share",
    description:
      "Share of the normalisation that the voter bears: 0.5 = cosine, more lets popular items be voted for by many.",
  },
  user_power: {
    default: 1,
    minimum: 0,
    maximum: 1,
    unit: "exponent",
    description:
      "A person with n items counts n^-power: 0 counts all people alike, 1 shares one vote among the items.",
  },
  weight_power: {
    default: 0,
    minimum: 0,
    maximum: 1,
    unit: "exponent",
    description:
      "Weight of a person's pair with an item is its summed weight to this power: 0 = had it or not, 1 = as summed.",
  },
  max_items_per_user: {
    default: 1000,
    minimum: 2,
    maximum: 100000,
    integer: true,
    unit: "items",
    description: "Of people with more, the strongest are used.",
  },
} as const;

/**
 * Item-item cosine over people, asymmetric and cleared of chance: the vote of
 * item j for item i is (c_ij - chance_share * n_i n_j / entries) /
 * (|x_j|^(2 share) |x_i|^(2 - 2 share) + shrink), with c_ij = sum_u x_ui x_uj,
 * x_ui = w_ui^weight_power * n_u^(-user_power/2) and n_i the people of item
 * i; n_i n_j / entries is what c_ij would be if people chose by popularity
 * alone (at user_power 1). Voter share 0.5 without chance is the cosine. A
 * pair that nobody shares or chance explains is no pair; guests do not count.
 * Calibration: linear; a cosine is at most 1, other shares at most
 * (largest norm / smallest norm)^|2 share - 1|.
 * Sources: Sarwar et al., "Item-based collaborative filtering" (WWW 2001);
 * Aiolli, "Efficient top-N recommendation" (RecSys 2013) for the asymmetry;
 * Newman, "Modularity" (PNAS 2006) for what chance explains;
 * Bell and Koren, "Improved neighborhood-based CF" (KDD Cup 2007), shrinkage.
 */
export const itemKnn: Signal<"item-knn"> = {
  ...stored("item-knn", NEIGHBOURS),
  parameters,
  compute(interactions, overrides, context) {
    const resolved = resolveParameters(parameters, overrides);
    const ids = interactions.items;
    const rows = scaleRows(
      boundRows(personRows(interactions), resolved.max_items_per_user, ids),
      resolved,
    );
    const squares = squaredNorms(rows);
    const { voter_share: share, shrink } = resolved;
    const people = squaredNorms({
      ...rows,
      values: rows.values.map(() => 1),
    });
    const chancePerPerson =
      resolved.chance_share / Math.max(1, rows.columns.length);
    const asVoter = squares.map((square) => square ** share);
    const asTarget = squares.map((square) => square ** (1 - share));
    const sharedWith = coOccurrence(rows);
    return collectNeighbours({
      ids,
      calibration: {
        kind: "linear",
        scale: spread(squares) ** Math.abs(share - 0.5),
        unit: 1,
      },
      parameters: resolved,
      onProgress: context.onProgress,
      candidatesOf: (item, offer) => {
        const target = asTarget[item] ?? 0;
        const chance = chancePerPerson * (people[item] ?? 0);
        sharedWith(item, (other, sum) => {
          const cleared = sum - chance * (people[other] ?? 0);
          offer(other, cleared / ((asVoter[other] ?? 0) * target + shrink));
        });
      },
    });
  },
};

/** Largest over smallest of the numbers above 0; 1 when there are none. */
function spread(squares: Float64Array): number {
  let smallest = Infinity;
  let largest = 0;
  for (const square of squares) {
    if (!(square > 0)) continue;
    smallest = Math.min(smallest, square);
    largest = Math.max(largest, square);
  }
  return largest === 0 ? 1 : largest / smallest;
}

interface Powers {
  readonly weight_power: number;
  readonly user_power: number;
}

function scaleRows(rows: SparseRows, powers: Powers): SparseRows {
  const { offsets, values } = rows;
  const scaled = new Float64Array(values.length);
  for (let row = 0; row + 1 < offsets.length; row++) {
    const start = offsets[row] ?? 0;
    const end = offsets[row + 1] ?? 0;
    const vote = (end - start) ** (-powers.user_power / 2);
    for (let entry = start; entry < end; entry++) {
      scaled[entry] = vote * (values[entry] ?? 0) ** powers.weight_power;
    }
  }
  return { ...rows, values: scaled };
}
