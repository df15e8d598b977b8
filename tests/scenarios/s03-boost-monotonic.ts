import { ruleOf } from "./grocer.ts";
import { ask, idsOf, listsFor, spread } from "./measure.ts";
import type { Scenario } from "./scenario.ts";

const K = 100;
const AMOUNTS = [0, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2] as const;

export const boostMonotonic: Scenario = {
  id: "S3",
  title: "raising a boost never lowers the item",
  async run(grocer) {
    const households = spread(grocer.known, 20);
    const [target = ""] = await middleOfTheList(grocer, households);
    const falls: object[] = [];
    let first: readonly number[] = [];
    let last: readonly number[] = [];
    for (const amount of AMOUNTS) {
      await grocer.rule([
        ruleOf({ action: "BOOST", target: { item_ids: [target] }, amount }),
      ]);
      const lists = await listsFor(households, ask(grocer, { k: K }));
      const ranks = lists.map((list) => {
        const at = idsOf(list).indexOf(target);
        return at < 0 ? K + 1 : at + 1;
      });
      ranks.forEach((rank, n) => {
        const before = last[n];
        if (before !== undefined && rank > before)
          falls.push({ amount, household: households[n]?.id, before, rank });
      });
      if (first.length === 0) first = ranks;
      last = ranks;
    }
    await grocer.rule([]);
    const atTop = last.filter((rank) => rank === 1).length;
    return {
      checks: [
        { that: "no rank grows", holds: falls.length === 0, found: falls },
        {
          that: "the strongest boost puts it first for everybody who may see it",
          holds: last.every((rank) => rank === 1 || rank === K + 1),
          found: last,
        },
        {
          that: "the item rises for somebody",
          holds: last.some((rank, n) => rank < (first[n] ?? 0)),
        },
      ],
      figures: { households: households.length, first_at_the_end: atTop },
    };
  },
};

/** An item that stands in the middle of the first household's list. */
async function middleOfTheList(
  grocer: Parameters<Scenario["run"]>[0],
  households: Parameters<typeof listsFor>[0],
): Promise<readonly string[]> {
  const [list] = await listsFor(households.slice(0, 1), ask(grocer, { k: K }));
  return list === undefined ? [] : idsOf(list).slice(K / 2);
}
