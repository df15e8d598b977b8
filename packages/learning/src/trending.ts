import { DAY_MS } from "@recsys/contracts";
import { canonicalOrder } from "./canonical-order.ts";
import type { Interactions } from "./interactions.ts";
import { stored } from "./layout.ts";
import { resolveParameters } from "./parameters.ts";
import { largest, RANKED_LISTS, rankList } from "./ranked-lists.ts";
import type { Signal } from "./signal.ts";

const parameters = {
  recent_days: {
    default: 7,
    minimum: 0.01,
    maximum: 365,
    unit: "days",
    description: "Length of the window that counts as now.",
  },
  earlier_days: {
    default: 28,
    minimum: 0.01,
    maximum: 3650,
    unit: "days",
    description: "Length of the window before it that is compared with.",
  },
  shrinkage: {
    default: 5,
    minimum: 0.01,
    maximum: 1000,
    unit: "users",
    description:
      "Imaginary users added to both rates: items with few real ones stay near ratio 1.",
  },
  min_users: {
    default: 3,
    minimum: 1,
    maximum: 100000,
    integer: true,
    unit: "users",
    description: "Fewer different users in the recent window are no trend.",
  },
  limit: {
    default: 500,
    minimum: 1,
    maximum: 1000000,
    integer: true,
    unit: "items",
    description: "Length of the list.",
  },
} as const;

/**
 * Velocity: how much faster an item draws different users now than before.
 * With r and e the item's users in the recent and the earlier window (each
 * once per window and item, guests too, so that one large buyer is no trend)
 * and R, E those of all items: expected = e * R / E, ratio =
 * (r + shrinkage) / (expected + shrinkage), raw = ln(ratio) where above 0.
 * So growth of the whole shop is no trend, and new items can be one.
 * Windows are (as_of - recent, as_of] and the one before. An empty earlier
 * window gives an empty list: nothing can be compared. Calibration: linear by
 * the largest. Source: gamma-Poisson shrinkage of a rate ratio, DuMouchel,
 * "Bayesian data mining in large frequency tables" (1999).
 */
export const trending: Signal<"trending"> = {
  ...stored("trending", RANKED_LISTS),
  parameters,
  compute(interactions, overrides, context) {
    const resolved = resolveParameters(parameters, overrides);
    const rows = canonicalOrder(interactions);
    const start = context.asOf - resolved.recent_days * DAY_MS;
    const before = start - resolved.earlier_days * DAY_MS;
    const recent = usersOf(rows, start, context.asOf);
    const earlier = usersOf(rows, before, start);
    const growth = total(earlier) === 0 ? 0 : total(recent) / total(earlier);
    const raw = Float64Array.from(recent, (count, item) => {
      if (growth === 0 || count < resolved.min_users) return 0;
      const expected = (earlier[item] ?? 0) * growth;
      return Math.log(
        (count + resolved.shrinkage) / (expected + resolved.shrinkage),
      );
    });
    const calibration = {
      kind: "linear" as const,
      scale: largest(raw),
      unit: 1,
    };
    context.onProgress?.(1);
    return {
      ids: rows.items,
      groups: [""],
      lists: [rankList(raw, resolved.limit, calibration)],
      calibrations: [calibration],
      parameters: resolved,
    };
  },
};

/** Different users per item with a positive event in (from, to]. */
function usersOf(rows: Interactions, from: number, to: number): Int32Array {
  const counts = new Int32Array(rows.items.length);
  const lastUser = new Int32Array(rows.items.length).fill(-1);
  rows.item.forEach((item, row) => {
    const ts = rows.ts[row] ?? 0;
    const user = rows.user[row] ?? 0;
    if (ts <= from || ts > to || !((rows.weight[row] ?? 0) > 0)) return;
    if (lastUser[item] === user) return;
    lastUser[item] = user;
    counts[item] = (counts[item] ?? 0) + 1;
  });
  return counts;
}

function total(counts: Int32Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
