import type { RankRequest } from "@recsys/contracts";
import {
  findIneligible,
  rank,
  type RankInput,
  type RankResult,
  type Snapshot,
} from "@recsys/ranking";

/** How often a page is ranked anew because items of it may not be listed any more. */
const MOST_TRIES = 3;

/**
 * A later page, with the snapshot of the first, less what may not be listed
 * now: what was blocked, sold out or ended since is excluded, in the request
 * that is recorded. Null where so much changed that the snapshot is of no use.
 */
export function rankPage(
  input: RankInput,
  live: { readonly snapshot: Snapshot; readonly now: number },
): { readonly result: RankResult; readonly request: RankRequest } | null {
  let { request } = input;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const result = rank({ ...input, request });
    const gone = findIneligible(
      { ...input, ...live, request },
      result.slate.map((item) => item.item_id),
    );
    if (gone.length === 0) return { result, request };
    request = { ...request, exclude: [...request.exclude, ...gone] };
  }
  return null;
}
