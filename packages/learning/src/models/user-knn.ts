import type { Kernels } from "@recsys/contracts";
import { resolveParameters } from "../parameters.ts";
import { HISTORY_LIMIT, historiesOf, type Histories } from "./histories.ts";
import { eachOf, type Fitted, type History, type Model } from "./model.ts";

const parameters = {
  neighbours: {
    default: 200,
    minimum: 1,
    maximum: 100000,
    integer: true,
    unit: "people",
    description: "People whose histories are added up: the nearest.",
  },
  shrink: {
    default: 5,
    minimum: 0,
    maximum: 10000,
    unit: "items",
    description: "Added to the denominator: people who share little sink.",
  },
  power: {
    default: 1,
    minimum: 0,
    maximum: 5,
    unit: "exponent",
    description: "Taken of the similarity: more listens to the nearest.",
  },
  item_power: {
    default: 0.5,
    minimum: 0,
    maximum: 1,
    unit: "exponent",
    description: "An item's sum is divided by its people to this power.",
  },
  ...HISTORY_LIMIT,
} as const;

type Resolved = Readonly<Record<keyof typeof parameters, number>>;

/**
 * Similarity of a history h to person u: s_u = (sum of w_i over items i of
 * both / (√sum w² √n_u + shrink))^power; the score of item i is the sum of s_u
 * over the nearest people who had it / n_i^item_power. Ties between people
 * fall to the first in canonical order. A history nobody shares scores
 * nothing; someone with exactly this history, such as the person asked for, is
 * a neighbour like any other and adds only what the person had.
 * Source: Herlocker et al., "An algorithmic framework for performing
 * collaborative filtering" (SIGIR 1999), on sets.
 */
export const userKnn: Model = {
  name: "user-knn",
  parameters,
  fit(interactions, overrides, context) {
    const resolved = resolveParameters(parameters, overrides);
    const histories = historiesOf(interactions, resolved.max_items_per_user);
    context.onProgress?.(1);
    const { people, items } = histories;
    return {
      ids: histories.ids,
      parameters: resolved,
      tensors: {
        person_offsets: people.offsets,
        person_items: people.columns,
        item_offsets: items.offsets,
        item_people: items.columns,
      },
      score: scorer(histories, resolved, context.kernels),
    };
  },
};

function scorer(
  histories: Histories,
  resolved: Resolved,
  kernels: Kernels,
): Fitted["score"] {
  const { people, peopleOf } = histories;
  const share = peopleOf.map((n) => n ** -resolved.item_power);
  const near = new Float32Array(people.offsets.length - 1);
  return (history, into) => {
    measure(histories, { history, resolved, near });
    for (const person of kernels.topK(near, resolved.neighbours)) {
      const s = near[person] ?? 0;
      const end = people.offsets[person + 1] ?? 0;
      for (let at = people.offsets[person] ?? 0; at < end; at++) {
        const item = people.columns[at] ?? 0;
        into[item] = (into[item] ?? 0) + s * (share[item] ?? 0);
      }
    }
  };
}

/** Similarity to each person; NaN, which is never among the best, where nothing is shared. */
function measure(
  { ids, items, itemsOf }: Histories,
  o: {
    readonly history: History;
    readonly resolved: Resolved;
    readonly near: Float32Array;
  },
): void {
  const { near, resolved } = o;
  near.fill(0);
  let squares = 0;
  eachOf(o.history, ids.length, (item, weight) => {
    squares += weight * weight;
    const end = items.offsets[item + 1] ?? 0;
    for (let at = items.offsets[item] ?? 0; at < end; at++) {
      const person = items.columns[at] ?? 0;
      near[person] = (near[person] ?? 0) + weight;
    }
  });
  const length = Math.sqrt(squares);
  near.forEach((shared, person) => {
    const norm = length * Math.sqrt(itemsOf[person] ?? 0) + resolved.shrink;
    near[person] = shared > 0 ? (shared / norm) ** resolved.power : NaN;
  });
}
