import { ask, idsOf, listsFor, mean, ndcg, spread } from "./measure.ts";
import type { Grocer } from "./grocer.ts";
import type { Scenario } from "./scenario.ts";

const WEIGHTS = [0, 0.25, 0.5, 1, 2, 4] as const;
/** Points of margin between the weakest and the strongest weight. */
const REAL_SPAN = 0.05;

export const tradeOff: Scenario = {
  id: "S9",
  title: "the more margin counts, the more margin lists hold, at a price",
  async run(grocer) {
    const households = spread(grocer.known, 150);
    const marginOf = await readMargins(grocer);
    const margins: number[] = [];
    const relevance: number[] = [];
    for (const weight of WEIGHTS) {
      const knobs = { "utility_margin.weight": weight };
      const lists = await listsFor(households, ask(grocer, { knobs }));
      margins.push(
        mean(lists.flatMap(idsOf).map((id) => marginOf.get(id) ?? 0)),
      );
      relevance.push(
        mean(
          lists.map((list, n) => {
            const household = households[n];
            return household === undefined ? 0 : ndcg(idsOf(list), household);
          }),
        ),
      );
    }
    const [least = 0] = margins;
    const most = margins.at(-1) ?? 0;
    return {
      checks: [
        {
          that: "margin never falls when its weight grows",
          holds: margins.every((each, n) => each >= (margins[n - 1] ?? 0)),
          found: margins,
        },
        {
          that: "the strongest weight costs relevance",
          holds: (relevance.at(-1) ?? 1) < (relevance[0] ?? 0),
          found: relevance,
        },
        { that: "the span is real", holds: most - least >= REAL_SPAN },
      ],
      figures: {
        margin_without: least,
        margin_strongest: most,
        ndcg_without: relevance[0] ?? 0,
        ndcg_strongest: relevance.at(-1) ?? 0,
      },
    };
  },
};

/** Lists never carry margins; the catalogue does. */
async function readMargins(
  grocer: Grocer,
): Promise<ReadonlyMap<string, number>> {
  const margins = new Map<string, number>();
  let cursor = "";
  do {
    const page = await grocer.call<{
      readonly items: readonly {
        readonly item_id: string;
        readonly margin?: number;
      }[];
      readonly next_cursor: string | null;
    }>(`/v1/items?limit=500${cursor}`);
    for (const { item_id, margin = 0 } of page.items) {
      margins.set(item_id, margin);
    }
    cursor = page.next_cursor === null ? "" : `&cursor=${page.next_cursor}`;
  } while (cursor !== "");
  return margins;
}
