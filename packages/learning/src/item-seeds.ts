import { mix } from "./bound-rows.ts";
import type { SparseRows } from "./sparse-rows.ts";

/**
 * A seed per item from its place in the interaction graph: degrees first,
 * then three rounds in which items and people take up the seeds of those they
 * touch (colour refinement, Weisfeiler and Lehman 1968). Sums commute, so
 * neither row order nor any label enters: relabelled items start where they
 * started before. Of items that the graph cannot tell apart each gets another
 * seed, in the order of ids, or they would learn the same vector for ever;
 * which of them gets which makes no difference to all others.
 */
export function itemSeeds(byUser: SparseRows, byItem: SparseRows): Uint32Array {
  let items = degrees(byItem);
  let users = degrees(byUser);
  for (let round = 0; round < 3; round++) {
    const nextItems = absorb(byItem, items, users);
    users = absorb(byUser, users, items);
    items = nextItems;
  }
  const seen = new Map<number, number>();
  return items.map((seed) => {
    const twins = seen.get(seed) ?? 0;
    seen.set(seed, twins + 1);
    return twins === 0 ? seed : mix(seed + twins);
  });
}

function degrees(rows: SparseRows): Uint32Array {
  const count = rows.offsets.length - 1;
  return Uint32Array.from({ length: count }, (_, row) =>
    mix((rows.offsets[row + 1] ?? 0) - (rows.offsets[row] ?? 0) + 1),
  );
}

function absorb(
  rows: SparseRows,
  own: Uint32Array,
  others: Uint32Array,
): Uint32Array {
  return own.map((seed, row) => {
    let sum = seed;
    const end = rows.offsets[row + 1] ?? 0;
    for (let entry = rows.offsets[row] ?? 0; entry < end; entry++) {
      sum =
        (sum + mix((others[rows.columns[entry] ?? 0] ?? 0) ^ 0x9e3779b9)) | 0;
    }
    return mix(sum);
  });
}
