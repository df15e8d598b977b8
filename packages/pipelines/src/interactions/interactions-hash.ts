import { createHash } from "node:crypto";
import { canonicalJson } from "@recsys/contracts";
import type { Interactions } from "@recsys/learning";

/**
 * SHA-256 of what was learned from, free of the random user keys: each user's
 * history has a digest, and the digests are hashed in sorted order. The same
 * histories loaded into another database have the same hash; a merge of two
 * users changes it.
 */
export function interactionsHash(interactions: Interactions): string {
  const hash = createHash("sha256");
  hash.update(
    canonicalJson({ items: interactions.items, groups: interactions.groups }),
  );
  for (const digest of userDigests(interactions).sort()) hash.update(digest);
  return hash.digest("hex");
}

const VALUES_PER_ROW = 5;

function userDigests(interactions: Interactions): string[] {
  const { user, person } = interactions;
  const digests: string[] = [];
  for (let start = 0; start < user.length;) {
    let end = start + 1;
    while (end < user.length && user[end] === user[start]) end++;
    digests.push(
      createHash("sha256")
        .update(String(person[user[start] ?? 0] ?? 0))
        .update(historyBytes(interactions, start, end))
        .digest("hex"),
    );
    start = end;
  }
  return digests;
}

/** Rows of one user; baskets are numbered as they appear, because their labels mean nothing. */
function historyBytes(
  interactions: Interactions,
  start: number,
  end: number,
): Uint8Array {
  const { item, weight, ts, basket, group } = interactions;
  const values = new Float64Array((end - start) * VALUES_PER_ROW);
  const baskets = new Map<number, number>();
  for (let row = start; row < end; row++) {
    const label = basket[row] ?? -1;
    if (!baskets.has(label)) baskets.set(label, label < 0 ? -1 : baskets.size);
    values.set(
      [
        item[row] ?? 0,
        weight[row] ?? 0,
        ts[row] ?? 0,
        group[row] ?? 0,
        baskets.get(label) ?? -1,
      ],
      (row - start) * VALUES_PER_ROW,
    );
  }
  return new Uint8Array(values.buffer);
}
