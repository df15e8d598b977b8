import { seededRandom } from "@recsys/contracts";
import { minimiseOnSimplex } from "./minimise-on-simplex.ts";
import { unusedOf } from "./team-draft.ts";

/** Lists that may be shown, each with its probability. */
export interface Multileaving {
  readonly lists: readonly (readonly string[])[];
  readonly probabilities: readonly number[];
  /** Largest difference of expected credit between two rankers for a user who looks at the first d places and clicks at random, over all d. */
  readonly bias: number;
}

const SPREAD_WEIGHT = 1e-4;

/**
 * Optimised multileaving of n rankings: candidate lists are drawn by letting
 * random rankers pick; probabilities are chosen so that a user who clicks at
 * random favours nobody at any depth, and, as far as that allows, so that the
 * credit of a list varies little between rankers. The equality is a penalty,
 * because a sample of lists need not fulfil it exactly.
 * Radlinski, Craswell, Optimized interleaving, WSDM (2013); Schuth et al., Multileaved comparisons, CIKM (2014); relaxed as in Manabe et al., SIGIR (2017).
 */
export function optimisedMultileave(
  rankings: readonly (readonly string[])[],
  o: { readonly k: number; readonly lists: number; readonly seed: number },
): Multileaving {
  const random = seededRandom(o.seed);
  const drawn = Array.from({ length: o.lists }, () =>
    drawList(rankings, o.k, random),
  );
  const lists = [...new Map(drawn.map((l) => [JSON.stringify(l), l])).values()];
  const credits = lists.map((list) => creditAtDepths(rankings, list, o.k));
  const gaps = credits.map(gapsOf);
  const spread = credits.map(sensitivityOf);
  const probabilities = solve(gaps, spread);
  const bias = Math.max(0, ...mix(gaps, probabilities).map(Math.abs));
  return { lists, probabilities, bias };
}

/** Each ranker's credit for the clicked items: 1 ÷ its rank of the item, or of the place after its last. */
export function creditRankers(
  rankings: readonly (readonly string[])[],
  clicks: Iterable<string>,
): number[] {
  const clicked = [...new Set(clicks)];
  return rankings.map((ranking) =>
    clicked.reduce((sum, item) => sum + creditOf(ranking, item), 0),
  );
}

function creditOf(ranking: readonly string[], item: string): number {
  const at = ranking.indexOf(item);
  return 1 / ((at < 0 ? ranking.length : at) + 1);
}

function drawList(
  rankings: readonly (readonly string[])[],
  k: number,
  random: () => number,
): string[] {
  const used = new Set<string>();
  const next = rankings.map((ranking) => unusedOf(ranking, used));
  while (used.size < k) {
    const open = next
      .map((pick) => pick())
      .filter((item) => item !== undefined);
    const item = open[Math.floor(random() * open.length)];
    if (item === undefined) break;
    used.add(item);
  }
  return [...used];
}

/** Credit of each ranker summed over the first d places, for d = 1..k. */
function creditAtDepths(
  rankings: readonly (readonly string[])[],
  list: readonly string[],
  k: number,
): number[][] {
  const sums = rankings.map(() => 0);
  return Array.from({ length: k }, (_, d) => {
    const item = list[d];
    for (const [j, ranking] of rankings.entries()) {
      if (item !== undefined)
        sums[j] = (sums[j] ?? 0) + creditOf(ranking, item);
    }
    return [...sums];
  });
}

/** Credit of each ranker minus the mean of all, at every depth. */
function gapsOf(depths: readonly (readonly number[])[]): number[] {
  return depths.flatMap((credits) => {
    const mean = credits.reduce((a, b) => a + b, 0) / credits.length;
    return credits.map((credit) => credit - mean);
  });
}

/** Variance of the final credits over the rankers: small where random clicks decide little. */
function sensitivityOf(depths: readonly (readonly number[])[]): number {
  const last = gapsOf(depths.slice(-1));
  return last.reduce((sum, gap) => sum + gap * gap, 0);
}

/** The mean gap weighs so much more than the spread that the spread only decides among fair mixtures. */
function solve(gaps: readonly number[][], spread: readonly number[]): number[] {
  const products = gaps.map((one) =>
    gaps.map((other) =>
      one.reduce((sum, gap, j) => sum + gap * (other[j] ?? 0), 0),
    ),
  );
  return minimiseOnSimplex(
    products,
    spread.map((value) => value * SPREAD_WEIGHT),
  );
}

function mix(rows: readonly number[][], p: readonly number[]): number[] {
  const width = rows[0]?.length ?? 0;
  return Array.from({ length: width }, (_, j) =>
    rows.reduce((sum, row, i) => sum + (row[j] ?? 0) * (p[i] ?? 0), 0),
  );
}
