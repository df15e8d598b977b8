import type { NeighboursView } from "@recsys/contracts";
import type { Bound } from "./bindings.ts";
import { compareIds } from "./catalogue.ts";
import type { Snapshot } from "./snapshot.ts";

const SIGNALS = [
  "item-knn",
  "co-visits",
  "bought-together",
  "content",
] as const;

/**
 * The item and what its signals of neighbours put next to it, nearest first
 * by the sum of the scores: whose people may like it. At most `limit` ids.
 */
export function relatedItems(
  { bound, catalogue }: Pick<Snapshot, "bound" | "catalogue">,
  itemId: string,
  limit: number,
): readonly string[] {
  const position = catalogue.positionOf(itemId);
  if (position < 0) return [];
  const nearness = new Map<number, number>();
  for (const name of SIGNALS) {
    const signal = bound[name];
    if (signal !== undefined) addNeighbours(signal, position, nearness);
  }
  nearness.delete(position);
  const { ids } = catalogue;
  const nearest = [...nearness].sort(
    ([a, x], [b, y]) => y - x || compareIds(ids, a, b),
  );
  return [position, ...nearest.map(([at]) => at)]
    .slice(0, limit)
    .flatMap((at) => ids[at] ?? []);
}

function addNeighbours(
  { view, toArtifact, toCatalogue }: Bound<NeighboursView>,
  position: number,
  nearness: Map<number, number>,
): void {
  const row = toArtifact[position] ?? -1;
  if (row < 0) return;
  const end = view.offsets[row + 1] ?? 0;
  for (let i = view.offsets[row] ?? 0; i < end; i++) {
    const at = toCatalogue[view.neighbours[i] ?? 0] ?? -1;
    const score = view.scores[i] ?? 0;
    if (at >= 0) nearness.set(at, (nearness.get(at) ?? 0) + score);
  }
}
