import {
  creditTeams,
  summariseWins,
  teamDraft,
  twoProportionTest,
} from "@recsys/evaluation";
import { drawsOf } from "./simulations.ts";

const ITEMS = Array.from({ length: 10 }, (_, i) => `item-${i}`);
/** Chance of a click on a seen item; the user goes on to the next place with 0.7. */
const ATTRACTION = new Map(ITEMS.map((item, i) => [item, 0.3 - 0.025 * i]));
const GOES_ON = 0.7;
/** The better ranking is by attraction, the other has its first two pairs the wrong way round. */
const BETTER = ITEMS;
const WORSE = [2, 3, 0, 1, 4, 5, 6, 7, 8, 9].map((i) => ITEMS[i] ?? "");
const RUNS = 200;

/**
 * Share of runs in which a sign test of team-draft interleaving, and an A/B
 * test of clicked lists, find the better of the same two rankings with the same visits.
 */
export function compareSensitivity(seed: number): void {
  const { uniform } = drawsOf(seed);
  const click = (list: readonly string[]): string | null => {
    for (const item of list) {
      if (uniform() < (ATTRACTION.get(item) ?? 0)) return item;
      if (uniform() > GOES_ON) return null;
    }
    return null;
  };
  for (const visits of [250, 1000, 4000]) {
    let [interleaved, split] = [0, 0];
    for (let run = 0; run < RUNS; run++) {
      if (findsByInterleaving(visits, uniform, click)) interleaved++;
      if (findsBySplit(visits, click)) split++;
    }
    const percent = (count: number) => `${((100 * count) / RUNS).toFixed(1)} %`;
    console.log(
      `${visits} visits: team draft finds the better ranking in ${percent(interleaved)} of runs, an A/B test in ${percent(split)}`,
    );
  }
}

type Click = (list: readonly string[]) => string | null;

function findsByInterleaving(
  visits: number,
  uniform: () => number,
  click: Click,
): boolean {
  const wins = { winsA: 0, winsB: 0, ties: 0 };
  for (let visit = 0; visit < visits; visit++) {
    const coin = () => uniform() < 0.5;
    const draft = teamDraft(BETTER, WORSE, { k: 6, coin });
    const item = click(draft.list);
    const { winner } = creditTeams(draft, item === null ? [] : [item]);
    if (winner === "tie") wins.ties++;
    else wins[winner === "A" ? "winsA" : "winsB"]++;
  }
  return wins.winsA > wins.winsB && summariseWins(wins).signTestP < 0.05;
}

function findsBySplit(visits: number, click: Click): boolean {
  const n = visits / 2;
  const clicked = (ranking: readonly string[]) => {
    let successes = 0;
    for (let visit = 0; visit < n; visit++) {
      if (click(ranking.slice(0, 6)) !== null) successes++;
    }
    return { successes, n };
  };
  const { interval } = twoProportionTest(clicked(WORSE), clicked(BETTER), 0.05);
  return interval.kind === "interval" && interval.low > 0;
}
