import type { CatalogueFacts } from "./metric.ts";

const ORDERS = new WeakMap<CatalogueFacts, readonly string[]>();

/** The catalogue by training users, most first, ties by id; sorted once per catalogue. */
function popularFirst(facts: CatalogueFacts): readonly string[] {
  const known = ORDERS.get(facts);
  if (known !== undefined) return known;
  const count = (item: string) => facts.trainCounts.get(item) ?? 0;
  const order = [...new Set(facts.catalogue)].sort(
    (a, b) => count(b) - count(a) || (a < b ? -1 : 1),
  );
  ORDERS.set(facts, order);
  return order;
}

/** The k most popular items that the user did not have: what any shop could show without a model. */
export function unseenPopular(
  facts: CatalogueFacts,
  history: readonly string[],
  k: number,
): string[] {
  const seen = new Set(history);
  const list: string[] = [];
  for (const item of popularFirst(facts)) {
    if (list.length >= k) break;
    if (!seen.has(item)) list.push(item);
  }
  return list;
}
