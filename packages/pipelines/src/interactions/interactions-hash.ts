import { createHash } from "node:crypto";
import { canonicalJson } from "@recsys/contracts";
import type { Interactions } from "@recsys/learning";

/**
 * SHA-256 of what is learned from. Interactions are ordered by what people did
 * and hold no key outside `users`, which is left out: the same histories in
 * another database have the same hash, a merge of two users changes it.
 */
export function interactionsHash(interactions: Interactions): string {
  const { items, groups, users } = interactions;
  const hash = createHash("sha256");
  hash.update(canonicalJson({ items, groups, users: users.length }));
  for (const column of [
    interactions.user,
    interactions.item,
    interactions.weight,
    interactions.ts,
    interactions.basket,
    interactions.group,
    interactions.person,
    interactions.halfLifeDays,
  ]) {
    if (column === undefined) continue;
    hash.update(
      new Uint8Array(column.buffer, column.byteOffset, column.byteLength),
    );
  }
  return hash.digest("hex");
}
