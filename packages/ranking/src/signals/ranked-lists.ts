import type { RankedListsView } from "@recsys/contracts";
import type { Bound } from "../bindings.ts";

/**
 * Scores of one group of a ranked list by artifact position, zero where the
 * list does not have the item. Made on first use and kept with the binding,
 * so a request pays nothing for the length of the catalogue.
 */
export function listScores(
  bound: Bound<RankedListsView>,
  group: string,
): Float32Array {
  const known = CACHE.get(bound.view)?.get(group);
  if (known !== undefined) return known;
  const scores = new Float32Array(bound.view.ids.length);
  const list = bound.view.groups.get(group);
  list?.items.forEach((item, i) => {
    scores[item] = list.scores[i] ?? 0;
  });
  const groups = CACHE.get(bound.view) ?? new Map<string, Float32Array>();
  groups.set(group, scores);
  CACHE.set(bound.view, groups);
  return scores;
}

/** Derived from an immutable view and nothing else, and gone with it. */
const CACHE = new WeakMap<RankedListsView, Map<string, Float32Array>>();

/** The first `limit` items of a group that the catalogue has, as catalogue positions. */
export function listHead(
  bound: Bound<RankedListsView>,
  group: string,
  limit: number,
): Int32Array {
  const list = bound.view.groups.get(group);
  if (list === undefined) return new Int32Array(0);
  const head = new Int32Array(Math.min(limit, list.items.length));
  let count = 0;
  for (let i = 0; i < list.items.length && count < head.length; i++) {
    const position = bound.toCatalogue[list.items[i] ?? 0] ?? -1;
    if (position >= 0) head[count++] = position;
  }
  return head.subarray(0, count);
}

/** The score of a catalogue position in scores by artifact position. */
export function scoreAt(
  bound: { readonly toArtifact: Int32Array },
  scores: Float32Array,
  position: number,
): number {
  const artifact = bound.toArtifact[position] ?? -1;
  return artifact < 0 ? 0 : (scores[artifact] ?? 0);
}
