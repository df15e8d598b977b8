/**
 * Item ids, best score first; ties by id (`<` on strings), excluded items left
 * out. NaN and infinities sink to the end: a broken score never wins.
 */
export function rankByScore(
  scores: ReadonlyMap<string, number>,
  exclude: ReadonlySet<string> = new Set(),
): string[] {
  const usable = (score: number) =>
    Number.isFinite(score) ? score : -Number.MAX_VALUE;
  return [...scores]
    .filter(([item]) => !exclude.has(item))
    .sort(
      ([a, scoreA], [b, scoreB]) =>
        usable(scoreB) - usable(scoreA) || (a < b ? -1 : a > b ? 1 : 0),
    )
    .map(([item]) => item);
}
