import { DAY_MS } from "@recsys/contracts";
import type { Interactions } from "./interactions.ts";

/** Rows of interactions that belong together: an order, a session, a span of time. */
export interface Units {
  /** Unit n is rows `[offsets[n], offsets[n + 1])` of `rows`. */
  readonly offsets: Int32Array;
  readonly rows: Int32Array;
}

/**
 * Baskets (orders, sessions) of interactions in canonical order, and, where
 * `windowDays` is above 0, the rows without a basket: a window of a user
 * opens with the first row after the last window and takes all rows within
 * `windowDays` of its start.
 */
export function unitsOf(interactions: Interactions, windowDays: number): Units {
  const { user, ts, basket } = interactions;
  const number = new Int32Array(basket.length).fill(-1);
  const known = new Map<number, number>();
  let count = 0;
  let openUser = -1;
  let opened = 0;
  let open = -1;
  for (let row = 0; row < basket.length; row++) {
    const label = basket[row] ?? -1;
    if (label >= 0) {
      const unit = known.get(label) ?? count++;
      known.set(label, unit);
      number[row] = unit;
    } else if (windowDays > 0) {
      const at = ts[row] ?? 0;
      if (user[row] !== openUser || at - opened > windowDays * DAY_MS) {
        openUser = user[row] ?? -1;
        opened = at;
        open = count++;
      }
      number[row] = open;
    }
  }
  return gather(number, count);
}

function gather(number: Int32Array, count: number): Units {
  const offsets = new Int32Array(count + 1);
  for (const unit of number) {
    if (unit >= 0) offsets[unit + 1] = (offsets[unit + 1] ?? 0) + 1;
  }
  for (let i = 0; i < count; i++) {
    offsets[i + 1] = (offsets[i + 1] ?? 0) + (offsets[i] ?? 0);
  }
  const next = offsets.slice();
  const rows = new Int32Array(offsets[count] ?? 0);
  number.forEach((unit, row) => {
    if (unit < 0) return;
    const at = next[unit] ?? 0;
    rows[at] = row;
    next[unit] = at + 1;
  });
  return { offsets, rows };
}
