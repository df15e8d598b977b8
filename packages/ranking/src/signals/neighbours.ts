import type { NeighboursView } from "@recsys/contracts";
import type { Bound } from "../bindings.ts";
import type { Anchor } from "../history.ts";
import { rowOf } from "../scratch.ts";
import { keepLargest } from "../select.ts";
import type { Offer, SourceInput, SourceReason } from "../source.ts";
import {
  addAll,
  clearSparseRow,
  slotOf,
  sumAt,
  takeFrom,
  type SparseRow,
} from "../sparse-row.ts";

type NeighbourSignal = "co-visits" | "bought-together" | "item-knn" | "content";

/**
 * Offers what lies near the anchors. The raw score of an item is the sum over
 * anchors of weight × similarity; divided by the largest raw score of the
 * whole catalogue it is 0 to 1 (ruling 16: a norm per user, never of the
 * pool). Disliked anchors have negative weight: they take from what others
 * speak for, and below zero counts as zero.
 */
export function offerNeighbours<N extends NeighbourSignal>(
  owner: string,
  signal: N,
  input: SourceInput<N>,
): Offer {
  const bound: Bound<NeighboursView> = input.signal(signal);
  const { anchors } = input;
  if (anchors.length === 0) {
    return {
      outcome: "not-applicable",
      reason: "there is no item to start from",
    };
  }
  const row = rowOf(input.scratch, owner);
  sumNeighbours(bound, anchors, row);
  const norm = largestSum(row);
  const sums = {
    row,
    toArtifact: bound.toArtifact,
    scale: norm > 0 ? 1 / norm : 0,
  };
  return {
    outcome: "ok",
    positions: bestOf(bound, row, input),
    scoreOf: (position) => scoreAt(sums, position),
    scoreInto({ positions, out }) {
      for (let i = 0; i < positions.length; i++) {
        out[i] = scoreAt(sums, positions[i] ?? 0);
      }
    },
    reasonOf: (position) =>
      reasonFor(
        owner,
        anchorOf(row, anchors, bound.toArtifact[position] ?? -1),
      ),
  };
}

interface Sums {
  readonly row: SparseRow;
  readonly toArtifact: Int32Array;
  readonly scale: number;
}

function scoreAt({ row, toArtifact, scale }: Sums, position: number): number {
  const artifact = toArtifact[position] ?? -1;
  const value = artifact < 0 ? 0 : sumAt(row, artifact);
  return value > 0 ? value * scale : 0;
}

/** Positive anchors first, so that a dislike finds all there is to take from. */
function sumNeighbours(
  bound: Bound<NeighboursView>,
  anchors: readonly Anchor[],
  row: SparseRow,
): void {
  const { offsets, neighbours, scores } = bound.view;
  const rows = anchors.map(({ position }) => bound.toArtifact[position] ?? -1);
  clearSparseRow(row, totalLength(offsets, rows));
  rows.forEach((at, anchor) => {
    const weight = anchors[anchor]?.weight ?? 0;
    if (at < 0 || weight <= 0) return;
    addAll(row, {
      items: neighbours,
      scores,
      start: offsets[at] ?? 0,
      end: offsets[at + 1] ?? 0,
      weight,
      anchor,
    });
  });
  rows.forEach((at, anchor) => {
    const weight = anchors[anchor]?.weight ?? 0;
    if (at < 0 || weight >= 0) return;
    const end = offsets[at + 1] ?? 0;
    for (let i = offsets[at] ?? 0; i < end; i++) {
      takeFrom(row, neighbours[i] ?? 0, -weight * (scores[i] ?? 0));
    }
  });
}

function totalLength(offsets: Int32Array, rows: readonly number[]): number {
  let total = 0;
  for (const at of rows) {
    if (at >= 0) total += (offsets[at + 1] ?? 0) - (offsets[at] ?? 0);
  }
  return total;
}

function largestSum(row: SparseRow): number {
  let largest = 0;
  for (let i = 0; i < row.count; i++) {
    const sum = row.sums[row.slots[i] ?? 0] ?? 0;
    if (sum > largest) largest = sum;
  }
  return largest;
}

/** The largest sums as catalogue positions; ties go to the smaller id. */
function bestOf<N extends NeighbourSignal>(
  bound: Bound<NeighboursView>,
  row: SparseRow,
  input: SourceInput<N>,
): Int32Array {
  if (input.limit <= 0) return new Int32Array(0);
  const { positions, values, room } = input.scratch;
  const { toCatalogue, unbound, view } = bound;
  let count = 0;
  for (let i = 0; i < row.count; i++) {
    const slot = row.slots[i] ?? 0;
    const value = row.sums[slot] ?? 0;
    const artifact = row.keys[slot] ?? 0;
    if (!(value > 0)) continue;
    if (unbound.length > 0 && (toCatalogue[artifact] ?? -1) < 0) continue;
    positions[count] = artifact;
    values[count] = value;
    count++;
  }
  const cut = { limit: input.limit, ids: view.ids };
  const kept = keepLargest({ positions, values, room }, count, cut);
  const best = positions.slice(0, kept);
  for (let i = 0; i < kept; i++) best[i] = toCatalogue[best[i] ?? 0] ?? 0;
  return best;
}

/** The anchor that contributed most; of equals the first. */
function anchorOf(
  row: SparseRow,
  anchors: readonly Anchor[],
  artifact: number,
): Anchor | undefined {
  if (artifact < 0) return undefined;
  const slot = slotOf(row, artifact);
  return row.keys[slot] === artifact ? anchors[row.from[slot] ?? 0] : undefined;
}

function reasonFor(owner: string, anchor: Anchor | undefined): SourceReason {
  if (anchor === undefined) return { code: owner };
  const { event, position } = anchor;
  if (event === null) return { code: owner, anchor: position };
  const code = event === "purchase" ? `${owner}_bought` : `${owner}_seen`;
  return { code, anchor: position };
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
