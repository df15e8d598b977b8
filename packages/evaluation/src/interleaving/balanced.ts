import { winnerOf, type Winner } from "./team-draft.ts";

/**
 * Balanced interleaving: every prefix holds the first places of both rankings
 * to the same depth, or one more of the ranking that leads.
 * Joachims, Evaluating retrieval performance using clickthrough data (2003); Chapelle, Joachims, Radlinski, Yue, TOIS 30 (2012), 3.1.
 */
export function balancedInterleave(
  a: readonly string[],
  b: readonly string[],
  o: { readonly k: number; readonly aLeads: boolean },
): string[] {
  const list = new Set<string>();
  let [atA, atB] = [0, 0];
  while (list.size < o.k && (atA < a.length || atB < b.length)) {
    const turnA = atA < atB || (atA === atB && o.aLeads);
    const fromA = atB >= b.length || (turnA && atA < a.length);
    const item = fromA ? a[atA++] : b[atB++];
    if (item !== undefined) list.add(item);
  }
  return [...list];
}

/**
 * Credit of balanced interleaving: up to the lowest click, the depth d is the
 * least at which both rankings together hold the list; each gets the distinct
 * clicks within its first d. Clicks outside the list are ignored.
 * Chapelle et al. (2012), 3.1.
 */
export function creditBalanced(
  rankings: { readonly a: readonly string[]; readonly b: readonly string[] },
  list: readonly string[],
  clicks: Iterable<string>,
): {
  readonly creditA: number;
  readonly creditB: number;
  readonly winner: Winner;
} {
  const wanted = new Set(clicks);
  const clicked = list.filter((item) => wanted.has(item));
  const lowest = Math.max(-1, ...clicked.map((item) => list.indexOf(item)));
  const [ranksA, ranksB] = [ranksOf(rankings.a), ranksOf(rankings.b)];
  let depth = 0;
  for (const item of list.slice(0, lowest + 1)) {
    const rank = Math.min(
      ranksA.get(item) ?? Infinity,
      ranksB.get(item) ?? Infinity,
    );
    depth = Math.max(depth, rank);
  }
  const credit = (ranks: ReadonlyMap<string, number>) =>
    new Set(clicked.filter((item) => (ranks.get(item) ?? Infinity) <= depth))
      .size;
  const [creditA, creditB] = [credit(ranksA), credit(ranksB)];
  return { creditA, creditB, winner: winnerOf(creditA, creditB) };
}

function ranksOf(ranking: readonly string[]): Map<string, number> {
  const ranks = new Map<string, number>();
  for (const [i, item] of ranking.entries()) {
    if (!ranks.has(item)) ranks.set(item, i + 1);
  }
  return ranks;
}
