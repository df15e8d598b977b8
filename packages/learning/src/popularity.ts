import { canonicalOrder } from "./canonical-order.ts";
import { decay } from "./decay.ts";
import { stored } from "./layout.ts";
import { resolveParameters } from "./parameters.ts";
import { largest, RANKED_LISTS, rankList } from "./ranked-lists.ts";
import type { Signal } from "./signal.ts";

const parameters = {
  half_life_days: {
    default: 60,
    minimum: 0.01,
    maximum: 36500,
    unit: "days",
    description:
      "Time in which an event loses half its weight, where its type names no half-life of its own.",
  },
  limit: {
    default: 5000,
    minimum: 1,
    maximum: 1000000,
    integer: true,
    unit: "items",
    description: "Length of the list of everybody and of each group.",
  },
  min_group_events: {
    default: 50,
    minimum: 1,
    maximum: 1000000,
    integer: true,
    unit: "events",
    description: "Groups with fewer get no list of their own.",
  },
} as const;

/**
 * Decayed popularity: raw(i) = sum over events of weight * 2^(-age /
 * half-life), for everybody and for each group such as `country:France`.
 * Guests count. Events after as_of have age 0; items whose sum is not above 0
 * are on no list. Calibration: log per list, ln(1 + raw) / ln(1 + largest
 * raw), because popularity falls off like a power of the rank.
 * Source: forward decay, Cormode et al., "Forward decay" (ICDE 2009).
 */
export const popularity: Signal<"popularity"> = {
  ...stored("popularity", RANKED_LISTS),
  parameters,
  compute(interactions, overrides, context) {
    const resolved = resolveParameters(parameters, overrides);
    const rows = canonicalOrder(interactions);
    const sizes = new Int32Array(rows.groups.length);
    for (const group of rows.group) sizes[group] = (sizes[group] ?? 0) + 1;
    const kept = rows.groups.flatMap((name, group) =>
      group > 0 && (sizes[group] ?? 0) >= resolved.min_group_events
        ? [{ name, group }]
        : [],
    );
    const sums = new Map(
      [0, ...kept.map(({ group }) => group)].map(
        (group) => [group, new Float64Array(rows.items.length)] as const,
      ),
    );
    rows.item.forEach((item, row) => {
      const halfLifeDays = rows.halfLifeDays?.[row] ?? 0;
      const raw =
        (rows.weight[row] ?? 0) *
        decay(
          context.asOf - (rows.ts[row] ?? 0),
          halfLifeDays > 0 ? halfLifeDays : resolved.half_life_days,
        );
      const group = rows.group[row] ?? 0;
      for (const list of group === 0 ? [0] : [0, group]) {
        const sum = sums.get(list);
        if (sum !== undefined) sum[item] = (sum[item] ?? 0) + raw;
      }
    });
    const calibrations = [...sums.values()].map((raw) => ({
      kind: "log" as const,
      scale: largest(raw),
      unit: 1,
    }));
    const lists = [...sums.values()].map((raw, i) =>
      rankList(raw, resolved.limit, calibrations[i] ?? NOTHING),
    );
    context.onProgress?.(1);
    return {
      ids: rows.items,
      groups: ["", ...kept.map(({ name }) => name)],
      lists,
      calibrations,
      parameters: resolved,
    };
  },
};

const NOTHING = { kind: "log", scale: 0, unit: 1 } as const;
