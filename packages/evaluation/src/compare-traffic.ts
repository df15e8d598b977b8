import type { ComputedNumber } from "@recsys/contracts";
import { compareSlates, type SlateComparison } from "./compare-slates.ts";
import { computed, notComputable } from "./computed.ts";

/** One recorded request, answered by two versions. */
export interface SlatePair {
  readonly requestId: string;
  readonly recorded: readonly string[];
  readonly replayed: readonly string[];
}

interface ItemCount {
  readonly itemId: string;
  readonly requests: number;
}

/** What another version would have done to recorded traffic. */
export interface TrafficComparison {
  readonly requests: number;
  readonly identical: number;
  /** Requests whose first item changed. */
  readonly firstChanged: number;
  /** Requests that had items and would have none. */
  readonly newlyEmpty: number;
  readonly meanOverlap: ComputedNumber;
  /** Over the requests where it is defined; their number is `tauRequests`. */
  readonly meanKendallTau: ComputedNumber;
  readonly tauRequests: number;
  /** Distinct items gained and lost somewhere. */
  readonly itemsGained: number;
  readonly itemsLost: number;
  /** Most often first, ties by id. */
  readonly mostGained: readonly ItemCount[];
  readonly mostLost: readonly ItemCount[];
  /** Least overlap first, ties by request id. */
  readonly mostChanged: readonly {
    readonly requestId: string;
    readonly overlap: number;
  }[];
}

const LISTED = 10;

/** Summarises pairs of slates; memory grows with the items, not with the pairs. */
export function compareTraffic(pairs: Iterable<SlatePair>): TrafficComparison {
  const counts = { requests: 0, identical: 0, firstChanged: 0, newlyEmpty: 0 };
  const overlap = createMean("no pair has items");
  const tau = createMean("no pair shares two items");
  const gained = new Map<string, number>();
  const lost = new Map<string, number>();
  let mostChanged: { requestId: string; overlap: number }[] = [];
  for (const { requestId, recorded, replayed } of pairs) {
    const comparison = compareSlates(recorded, replayed);
    counts.requests++;
    if (comparison.identical) counts.identical++;
    if (recorded[0] !== replayed[0]) counts.firstChanged++;
    if (recorded.length > 0 && replayed.length === 0) counts.newlyEmpty++;
    overlap.add(comparison.overlap);
    tau.add(comparison.kendallTau);
    countItems(comparison, gained, lost);
    if (!comparison.identical && comparison.overlap.kind === "number") {
      const row = { requestId, overlap: comparison.overlap.value };
      mostChanged = leastOverlap([...mostChanged, row]);
    }
  }
  return {
    ...counts,
    meanOverlap: overlap.value(),
    meanKendallTau: tau.value(),
    tauRequests: tau.count(),
    itemsGained: gained.size,
    itemsLost: lost.size,
    mostGained: mostFrequent(gained),
    mostLost: mostFrequent(lost),
    mostChanged,
  };
}

function createMean(whenEmpty: string) {
  let sum = 0;
  let count = 0;
  return {
    add(number: ComputedNumber): void {
      if (number.kind === "not-computable") return;
      sum += number.value;
      count++;
    },
    count: () => count,
    value: () =>
      count === 0 ? notComputable(whenEmpty) : computed(sum / count),
  };
}

function countItems(
  comparison: SlateComparison,
  gained: Map<string, number>,
  lost: Map<string, number>,
): void {
  for (const { itemId } of comparison.gained) increment(gained, itemId);
  for (const { itemId } of comparison.lost) increment(lost, itemId);
}

function increment(counts: Map<string, number>, itemId: string): void {
  counts.set(itemId, (counts.get(itemId) ?? 0) + 1);
}

function mostFrequent(counts: ReadonlyMap<string, number>): ItemCount[] {
  return [...counts]
    .map(([itemId, requests]) => ({ itemId, requests }))
    .sort((a, b) => b.requests - a.requests || (a.itemId < b.itemId ? -1 : 1))
    .slice(0, LISTED);
}

function leastOverlap(rows: { requestId: string; overlap: number }[]) {
  return rows
    .sort(
      (a, b) => a.overlap - b.overlap || (a.requestId < b.requestId ? -1 : 1),
    )
    .slice(0, LISTED);
}
