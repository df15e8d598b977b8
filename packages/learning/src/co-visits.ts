import { boundRows } from "./bound-rows.ts";
import { canonicalOrder } from "./canonical-order.ts";
import { coOccurrence, squaredNorms } from "./co-occurrence.ts";
import { decay } from "./decay.ts";
import { stored } from "./layout.ts";
import {
  collectNeighbours,
  neighbourLimits,
  NEIGHBOURS,
} from "./neighbours.ts";
import { resolveParameters } from "./parameters.ts";
import type { Signal } from "./signal.ts";
import type { SparseRows } from "./sparse-rows.ts";
import { unitRows } from "./unit-rows.ts";
import { unitsOf } from "./units.ts";

const parameters = {
  ...neighbourLimits({ neighbours: 100, row_limit: 500 }),
  window_days: {
    default: 1,
    minimum: 0,
    maximum: 365,
    unit: "days",
    description:
      "Events of a user without order or session that are this close together form one visit; 0: they form none.",
  },
  half_life_days: {
    default: 180,
    minimum: 0.01,
    maximum: 36500,
    unit: "days",
    description: "Time in which a visit loses half its weight.",
  },
  size_power: {
    default: 0.5,
    minimum: 0,
    maximum: 1,
    unit: "exponent",
    description:
      "A visit of n items counts n^-power, so that long ones do not decide alone.",
  },
  max_items_per_visit: {
    default: 200,
    minimum: 2,
    maximum: 100000,
    integer: true,
    unit: "items",
    description: "Of longer visits the strongest items are used, ties by lot.",
  },
  lift_power: {
    default: 0.5,
    minimum: 0,
    maximum: 1,
    unit: "exponent",
    description:
      "How much the popularity of both items is divided out: 0 = not at all, 0.5 = cosine, 1 = lift.",
  },
  shrink: {
    default: 0.3,
    minimum: 0,
    maximum: 1000,
    unit: "votes",
    description: "Added to the denominator: pairs with little evidence sink.",
  },
} as const;

/**
 * What is seen or bought in the same visit (order, session, or time window).
 * With v(s) = n_s^-size_power * 2^(-age_s / half-life) the vote of visit s,
 * c_ij = sum of v over visits with both, c_i = c_ii, T = sum of v:
 * raw(i, j) = c_ij / ((c_i c_j)^lift_power * T^(1 - 2 lift_power) + shrink).
 * Guests count. A visit of one item makes no pair. Calibration: linear for
 * powers up to 0.5 with the largest c over the same scale as 1, saturating at
 * lift 1 beyond. Source: Linden, Smith, York, "Amazon.com recommendations"
 * (2003); lift: Brin et al., "Dynamic itemset counting" (SIGMOD 1997).
 */
export const coVisits: Signal<"co-visits"> = {
  ...stored("co-visits", NEIGHBOURS),
  parameters,
  compute(interactions, overrides, context) {
    const resolved = resolveParameters(parameters, overrides);
    const rows = canonicalOrder(interactions);
    const { matrix, lastTs } = unitRows(
      rows,
      unitsOf(rows, resolved.window_days),
    );
    const votes = lastTs.map((ts) =>
      decay(context.asOf - ts, resolved.half_life_days),
    );
    const bounded = boundRows(matrix, resolved.max_items_per_visit, rows.items);
    const visits = toVotes(bounded, votes, resolved.size_power);
    const counts = squaredNorms(visits.matrix);
    const { lift_power: power, shrink } = resolved;
    const popularity = counts.map((count) => count ** power);
    const scale = visits.total ** (1 - 2 * power);
    const sharedWith = coOccurrence(visits.matrix);
    return collectNeighbours({
      ids: rows.items,
      // Only the cosine has 1 as its upper end.
      calibration: {
        kind: power === 0.5 ? "linear" : "saturating",
        scale: 1,
        unit: 1,
      },
      parameters: resolved,
      onProgress: context.onProgress,
      candidatesOf: (item, offer) => {
        const own = (popularity[item] ?? 0) * scale;
        sharedWith(item, (other, sum) => {
          offer(other, sum / (own * (popularity[other] ?? 0) + shrink));
        });
      },
    });
  },
};

/** Below this a vote is as good as none, and its products would vanish. */
const LEAST_VOTE = 1e-12;

/** Each entry becomes the root of its visit's vote, so that a product of two is the vote. */
function toVotes(rows: SparseRows, age: Float64Array, sizePower: number) {
  const values = new Float64Array(rows.values.length);
  let total = 0;
  for (let unit = 0; unit + 1 < rows.offsets.length; unit++) {
    const start = rows.offsets[unit] ?? 0;
    const end = rows.offsets[unit + 1] ?? 0;
    if (start === end) continue;
    const vote = Math.max(
      LEAST_VOTE,
      (age[unit] ?? 0) * (end - start) ** -sizePower,
    );
    total += vote;
    values.fill(Math.sqrt(vote), start, end);
  }
  return { matrix: { ...rows, values }, total };
}
