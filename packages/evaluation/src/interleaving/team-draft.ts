/** A list made of two, and whose pick each item was. */
export interface Interleaved {
  readonly list: readonly string[];
  readonly team: readonly ("A" | "B")[];
  readonly coinsUsed: number;
}

/**
 * Team-draft interleaving: while fewer than k items, the smaller team picks
 * its best unused item; at equal sizes a coin decides (true: A). When one
 * ranking is used up the other picks, and no coin is thrown.
 * Radlinski, Kurup, Joachims, How does clickthrough data reflect retrieval quality?, CIKM (2008).
 */
export function teamDraft(
  a: readonly string[],
  b: readonly string[],
  o: { readonly k: number; readonly coin: () => boolean },
): Interleaved {
  const list: string[] = [];
  const team: ("A" | "B")[] = [];
  const used = new Set<string>();
  const nextOf = { A: unusedOf(a, used), B: unusedOf(b, used) };
  const sizes = { A: 0, B: 0 };
  let coinsUsed = 0;
  while (list.length < o.k) {
    const next = { A: nextOf.A(), B: nextOf.B() };
    let turn: "A" | "B";
    if (next.A === undefined && next.B === undefined) break;
    else if (next.A === undefined) turn = "B";
    else if (next.B === undefined) turn = "A";
    else if (sizes.A !== sizes.B) turn = sizes.A < sizes.B ? "A" : "B";
    else {
      coinsUsed++;
      turn = o.coin() ? "A" : "B";
    }
    const item = next[turn] ?? "";
    used.add(item);
    list.push(item);
    team.push(turn);
    sizes[turn]++;
  }
  return { list, team, coinsUsed };
}

/** The best item of a ranking that nobody used yet, each time it is asked. */
export function unusedOf(
  ranking: readonly string[],
  used: ReadonlySet<string>,
): () => string | undefined {
  let at = 0;
  return () => {
    while (at < ranking.length && used.has(ranking[at] ?? "")) at++;
    return ranking[at];
  };
}

/**
 * Distinct clicked items per team; items not in the list are ignored.
 * Radlinski, Kurup, Joachims (2008), 4.
 */
export function creditTeams(
  { list, team }: Pick<Interleaved, "list" | "team">,
  clicks: Iterable<string>,
): {
  readonly creditA: number;
  readonly creditB: number;
  readonly winner: Winner;
} {
  const clicked = new Set(clicks);
  const credit = { A: 0, B: 0 };
  for (const [i, item] of list.entries()) {
    const owner = team[i];
    // Deleted so that an item that is listed twice is credited once.
    if (owner !== undefined && clicked.delete(item)) credit[owner]++;
  }
  return {
    creditA: credit.A,
    creditB: credit.B,
    winner: winnerOf(credit.A, credit.B),
  };
}

export type Winner = "A" | "B" | "tie";

/** Who got more. */
export function winnerOf(creditA: number, creditB: number): Winner {
  if (creditA === creditB) return "tie";
  return creditA > creditB ? "A" : "B";
}
