import { DAY_MS } from "@recsys/contracts";
import { boundRows } from "./bound-rows.ts";
import { canonicalOrder } from "./canonical-order.ts";
import { coOccurrence, squaredNorms } from "./co-occurrence.ts";
import { logLikelihoodRatio } from "./log-likelihood-ratio.ts";
import { stored } from "./layout.ts";
import {
  collectNeighbours,
  neighbourLimits,
  NEIGHBOURS,
} from "./neighbours.ts";
import { resolveParameters } from "./parameters.ts";
import type { Signal } from "./signal.ts";
import { unitRows, type UnitRows } from "./unit-rows.ts";
import { unitsOf } from "./units.ts";
import type { SparseRows } from "./sparse-rows.ts";

const parameters = {
  ...neighbourLimits({ neighbours: 100, row_limit: 500 }),
  window_days: {
    default: 365,
    minimum: 0.01,
    maximum: 36500,
    unit: "days",
    description: "Older baskets do not count.",
  },
  min_support: {
    default: 3,
    minimum: 1,
    maximum: 100000,
    integer: true,
    unit: "baskets",
    description: "Fewer baskets with both items are no evidence.",
  },
  min_ratio: {
    default: 10.83,
    minimum: 0,
    maximum: 1000,
    unit: "log-likelihood ratio",
    description:
      "Pairs below are left to chance: 10.83 is one in a thousand, chi-square with one degree of freedom.",
  },
  max_items_per_basket: {
    default: 100,
    minimum: 2,
    maximum: 100000,
    integer: true,
    unit: "items",
    description: "Of larger baskets the strongest items are used, ties by lot.",
  },
} as const;

/**
 * What baskets hold together more often than chance explains. With k baskets
 * holding both, a and b holding each, n in all: pairs need k >= min_support,
 * k n > a b (attraction, not avoidance) and a log-likelihood ratio of at
 * least min_ratio; raw(i, j) = k / sqrt(a b), the cosine. The ratio tests,
 * the cosine ranks: ranked by the ratio, popular pairs crowd out close ones.
 * Every basket counts once, guests' baskets too; rows without a basket say
 * nothing. Calibration: linear, a cosine is within 0..1 already.
 * Source: Dunning, "Accurate methods for the statistics of surprise and
 * coincidence" (1993).
 */
export const boughtTogether: Signal<"bought-together"> = {
  ...stored("bought-together", NEIGHBOURS),
  parameters,
  compute(interactions, overrides, context) {
    const resolved = resolveParameters(parameters, overrides);
    const rows = canonicalOrder(interactions);
    const since = context.asOf - resolved.window_days * DAY_MS;
    const recent = presence(unitRows(rows, unitsOf(rows, 0)), since);
    const baskets = boundRows(
      recent,
      resolved.max_items_per_basket,
      rows.items,
    );
    const held = squaredNorms(baskets);
    const count = baskets.offsets.length - 1;
    const sharedWith = coOccurrence(baskets);
    return collectNeighbours({
      ids: rows.items,
      calibration: { kind: "linear", scale: 1, unit: 1 },
      parameters: resolved,
      onProgress: context.onProgress,
      candidatesOf: (item, offer) => {
        const a = held[item] ?? 0;
        sharedWith(item, (other, both) => {
          const b = held[other] ?? 0;
          if (both < resolved.min_support || both * count <= a * b) return;
          const ratio = logLikelihoodRatio({ both, a, b, count });
          if (ratio >= resolved.min_ratio)
            offer(other, both / Math.sqrt(a * b));
        });
      },
    });
  },
};

/** The baskets since a moment, with 1 for each item they hold. */
function presence({ matrix, lastTs }: UnitRows, since: number): SparseRows {
  const ends = [0];
  const columns: number[] = [];
  for (let unit = 0; unit + 1 < matrix.offsets.length; unit++) {
    const start = matrix.offsets[unit] ?? 0;
    const end = matrix.offsets[unit + 1] ?? 0;
    if (start === end || !((lastTs[unit] ?? 0) > since)) continue;
    for (let at = start; at < end; at++) columns.push(matrix.columns[at] ?? 0);
    ends.push(columns.length);
  }
  return {
    columnCount: matrix.columnCount,
    offsets: Int32Array.from(ends),
    columns: Int32Array.from(columns),
    values: new Float64Array(columns.length).fill(1),
  };
}
