import type { Interactions } from "./interactions.ts";
import { createRowBuilder, type SparseRows } from "./sparse-rows.ts";
import type { Units } from "./units.ts";

/** A unit × item matrix with the summed positive weight of each item in the unit, and each unit's last moment. */
export interface UnitRows {
  readonly matrix: SparseRows;
  readonly lastTs: Float64Array;
}

export function unitRows(interactions: Interactions, units: Units): UnitRows {
  const { item, weight, ts, items } = interactions;
  const builder = createRowBuilder(items.length);
  const count = units.offsets.length - 1;
  const lastTs = new Float64Array(count).fill(-Infinity);
  for (let unit = 0; unit < count; unit++) {
    const end = units.offsets[unit + 1] ?? 0;
    for (let at = units.offsets[unit] ?? 0; at < end; at++) {
      const row = units.rows[at] ?? 0;
      builder.add(item[row] ?? 0, weight[row] ?? 0);
      lastTs[unit] = Math.max(lastTs[unit] ?? 0, ts[row] ?? 0);
    }
    builder.endRow((sum) => sum > 0);
  }
  return { matrix: builder.build(), lastTs };
}
