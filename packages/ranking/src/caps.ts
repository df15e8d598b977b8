import {
  createAttributeCaps,
  type BrokenAttributeCap,
} from "./attribute-caps.ts";
import type { Work } from "./work.ts";

export type BrokenCap = BrokenAttributeCap | "cap_sponsored" | "cap_promoted";

/** Counts of a list so far, against the most it may have of one kind. */
export interface Caps {
  /** Whether any candidate that is in may break one. */
  readonly isOn: boolean;
  /** The cap that this item would break; null when it fits. */
  broken(position: number): BrokenCap | null;
  add(position: number): void;
}

/** The stricter of the request's constraint and the knob, for each attribute; and what promotion may take. */
export function createCaps(work: Work): Caps {
  const attributes = createAttributeCaps(work);
  const promoted = createPromotedCaps(work);
  return {
    isOn: attributes.isOn || promoted.isOn,
    broken: (position) =>
      promoted.broken(position) ?? attributes.broken(position),
    add(position) {
      attributes.add(position);
      promoted.add(position);
    },
  };
}

/** How many places of a list sponsored items may take, and these together with pins. */
export function promotedLimits({
  knobs,
  request,
}: Pick<Work, "knobs" | "request">): {
  readonly sponsored: number;
  readonly promoted: number;
} {
  const share = knobs.number("slots.promoted_share");
  return {
    sponsored: knobs.number("slots.sponsored_max"),
    // A share such as 0.3 of 10 is 3, whatever binary fractions make of it.
    promoted: Math.floor(share * request.k + 1e-9),
  };
}

/** The caps that never yield: on sponsored items, and on these together with pins. */
export function createPromotedCaps(work: Work): Caps {
  const limits = promotedLimits(work);
  const { sponsored: isSponsored } = work.snapshot.catalogue.columns;
  const { position: positions } = work.pool.columns;
  const pinned = new Set(
    work.placements.map(({ candidate }) => positions[candidate] ?? 0),
  );
  let sponsored = 0;
  let promoted = 0;
  return {
    isOn:
      countSponsored(work) >
      Math.min(limits.sponsored, limits.promoted - pinned.size),
    broken(position) {
      if (isSponsored[position] !== 1) return null;
      if (sponsored >= limits.sponsored) return "cap_sponsored";
      return promoted >= limits.promoted ? "cap_promoted" : null;
    },
    add(position) {
      if (isSponsored[position] === 1) sponsored++;
      else if (!pinned.has(position)) return;
      promoted++;
    },
  };
}

/** Whether somebody pays for the places of this candidate's item. */
export function isSponsored(
  { pool, snapshot }: Pick<Work, "pool" | "snapshot">,
  candidate: number,
): boolean {
  const position = pool.columns.position[candidate] ?? 0;
  return snapshot.catalogue.columns.sponsored[position] === 1;
}

/** Candidates that are in and sponsored. */
function countSponsored(work: Work): number {
  let count = 0;
  for (const candidate of work.alive) if (isSponsored(work, candidate)) count++;
  return count;
}
