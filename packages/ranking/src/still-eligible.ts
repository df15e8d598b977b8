import type { RankInput } from "./rank.ts";
import { findRemoval } from "./eligibility/filter.ts";
import { prepareWork } from "./prepare.ts";

/**
 * Those of the ids that this snapshot would not list for this person at this
 * time: for lists of an older snapshot, in which an item may have been blocked
 * or sold out since.
 */
export function findIneligible(
  input: Pick<RankInput, "request" | "snapshot" | "userState" | "now">,
  ids: readonly string[],
): string[] {
  const { filters } = prepareWork(input);
  const { catalogue } = input.snapshot;
  return ids.filter((id) => {
    const position = catalogue.positionOf(id);
    return position < 0 || findRemoval(filters, position) !== undefined;
  });
}
