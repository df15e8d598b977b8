import type { NeighboursView } from "@recsys/contracts";
import type { Bound } from "../bindings.ts";
import type { Anchor } from "../history.ts";
import { zeroRow, type DenseRow, type Scratch } from "../scratch.ts";
import { keepLargest } from "../select.ts";
import type { Offer, SourceInput, SourceReason } from "../source.ts";

type NeighbourSignal = "co-visits" | "bought-together" | "item-knn" | "content";

/**
 * Offers what lies near the anchors. The raw score of an item is the sum over
 * anchors of weight × similarity; divided by the largest raw score of the
 * whole catalogue it is 0 to 1 (ruling 16: a norm per user, never of the
 * pool). Disliked anchors have negative weight; below zero counts as zero.
 */
export function offerNeighbours<N extends NeighbourSignal>(
  owner: string,
  signal: N,
  input: SourceInput<N>,
): Offer {
  const bound: Bound<NeighboursView> = input.signal(signal);
  if (input.anchors.length === 0) {
    return {
      outcome: "not-applicable",
      reason: "there is no item to start from",
    };
  }
  const row = zeroRow(input.scratch, owner, bound.view.ids.length);
  for (const anchor of input.anchors) {
    if (anchor.weight > 0) addNeighbours(bound, anchor, row);
  }
  for (const anchor of input.anchors) {
    if (anchor.weight < 0) dampNeighbours(bound, anchor, row);
  }
  const { values, touched } = row;
  let norm = 0;
  for (let i = 0; i < row.count; i++) {
    norm = Math.max(norm, values[touched[i] ?? 0] ?? 0);
  }
  const scale = norm > 0 ? 1 / norm : 0;
  return {
    outcome: "ok",
    positions: bestOf(bound, row, input),
    scoreOf(position) {
      const artifact = bound.toArtifact[position] ?? -1;
      const value = artifact < 0 ? 0 : (values[artifact] ?? 0);
      return value > 0 ? value * scale : 0;
    },
    reasonOf: (position) =>
      neighbourReason(owner, bound, { anchors: input.anchors, position }),
  };
}

function addNeighbours(
  bound: Bound<NeighboursView>,
  anchor: Anchor,
  row: DenseRow,
): void {
  const at = bound.toArtifact[anchor.position] ?? -1;
  if (at < 0) return;
  const { offsets, neighbours, scores } = bound.view;
  const { values, touched } = row;
  const end = offsets[at + 1] ?? 0;
  let { count } = row;
  for (let i = offsets[at] ?? 0; i < end; i++) {
    const neighbour = neighbours[i] ?? 0;
    const before = values[neighbour] ?? 0;
    const added = anchor.weight * (scores[i] ?? 0);
    if (!(added > 0)) continue;
    if (before === 0) touched[count++] = neighbour;
    values[neighbour] = before + added;
  }
  row.count = count;
}

/** Takes from what is touched already; what nothing speaks for stays at zero. */
function dampNeighbours(
  bound: Bound<NeighboursView>,
  anchor: Anchor,
  row: DenseRow,
): void {
  const at = bound.toArtifact[anchor.position] ?? -1;
  if (at < 0) return;
  const { offsets, neighbours, scores } = bound.view;
  const end = offsets[at + 1] ?? 0;
  for (let i = offsets[at] ?? 0; i < end; i++) {
    const neighbour = neighbours[i] ?? 0;
    const before = row.values[neighbour] ?? 0;
    if (before === 0) continue;
    row.values[neighbour] = before + anchor.weight * (scores[i] ?? 0);
  }
}

function bestOf(
  bound: Bound<NeighboursView>,
  row: DenseRow,
  input: {
    readonly catalogue: { readonly ids: readonly string[] };
    readonly limit: number;
    readonly scratch: Scratch;
  },
): Int32Array {
  const { positions, values, room } = input.scratch;
  if (input.limit <= 0) return new Int32Array(0);
  let count = 0;
  for (let i = 0; i < row.count; i++) {
    const artifact = row.touched[i] ?? 0;
    const value = row.values[artifact] ?? 0;
    const position = bound.toCatalogue[artifact] ?? -1;
    if (!(value > 0) || position < 0) continue;
    positions[count] = position;
    values[count] = value;
    count++;
  }
  const cut = { limit: input.limit, ids: input.catalogue.ids };
  return positions.slice(
    0,
    keepLargest({ positions, values, room }, count, cut),
  );
}

/** Names the anchor that contributed most; ties go to the first. */
function neighbourReason(
  owner: string,
  bound: Bound<NeighboursView>,
  of: { readonly anchors: readonly Anchor[]; readonly position: number },
): SourceReason {
  const { offsets, neighbours, scores } = bound.view;
  const wanted = bound.toArtifact[of.position] ?? -1;
  let best: Anchor | null = null;
  let bestValue = 0;
  for (const anchor of of.anchors) {
    const at = bound.toArtifact[anchor.position] ?? -1;
    if (at < 0 || anchor.weight <= 0) continue;
    const end = offsets[at + 1] ?? 0;
    let i = offsets[at] ?? 0;
    while (i < end && neighbours[i] !== wanted) i++;
    if (i === end) continue;
    const value = anchor.weight * (scores[i] ?? 0);
    if (value <= bestValue) continue;
    best = anchor;
    bestValue = value;
  }
  if (best === null) return { code: owner };
  return { code: reasonCode(owner, best.event), anchor: best.position };
}

function reasonCode(owner: string, event: string | null): string {
  if (event === null) return owner;
  return event === "purchase" ? `${owner}_bought` : `${owner}_seen`;
}

/** The three texts of an item-to-item source; `given` is for anchors of the request. */
export function neighbourReasons(
  owner: string,
  given: string,
): Readonly<Record<string, string>> {
  return {
    [owner]: given,
    [`${owner}_bought`]: "Because you bought {anchor}",
    [`${owner}_seen`]: "Because you looked at {anchor}",
  };
}
