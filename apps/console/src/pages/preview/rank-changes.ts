/** What became of an item's place between two answers. */
export type RankChange =
  | { readonly kind: "first" }
  | { readonly kind: "new" }
  | { readonly kind: "same" }
  | { readonly kind: "moved"; readonly by: number };

/**
 * Compares an item's place (0-based) with the previous list. `by` is positive
 * for a rise. Without a previous list everything is shown for the first time.
 */
export function rankChange(
  itemId: string,
  place: number,
  previous: readonly string[] | null,
): RankChange {
  if (previous === null) return { kind: "first" };
  const before = previous.indexOf(itemId);
  if (before === -1) return { kind: "new" };
  return before === place
    ? { kind: "same" }
    : { kind: "moved", by: before - place };
}
