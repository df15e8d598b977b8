import { ask, idsOf, listsFor, spread } from "./measure.ts";
import type { Scenario } from "./scenario.ts";

const ITEM = "scenario-first-day";
const LISTS = 400;
/** Share of lists that must show the item during its first day. */
const FLOOR = 0.01;

export const newItem: Scenario = {
  id: "S8",
  title: "an item that came in a moment ago gets its share of exposure",
  async run(grocer) {
    const households = spread(grocer.known, LISTS);
    const knobs = { "slots.exploration": 2, "exploration.window_days": 1 };
    const isListed = (list: Parameters<typeof idsOf>[0]): boolean =>
      idsOf(list).includes(ITEM);
    await grocer.call("/v1/items", {
      body: [
        {
          item_id: ITEM,
          title: "Rye bread",
          category: ["GROCERY", "BAKED BREAD/BUNS/ROLLS"],
          created_at: new Date().toISOString(),
        },
      ],
    });
    const without = await listsFor(households, ask(grocer));
    const lists = await listsFor(households, (household) =>
      ask(grocer, {
        knobs,
        options: { include_items: true, seed: Number(household.id) },
      })(household),
    );
    await grocer.call("/v1/items", {
      body: [{ item_id: ITEM, available: false }],
    });
    const shown = lists.filter(isListed).length;
    const places = lists.flatMap(({ items }) =>
      items.filter(({ item_id }) => item_id === ITEM),
    );
    return {
      checks: [
        {
          that: "nobody sees it where nothing is explored",
          holds: !without.some(isListed),
        },
        {
          that: "with two places for items on trial it reaches its floor",
          holds: shown >= FLOOR * LISTS,
          found: shown,
        },
        {
          that: "its reason says that it is new",
          holds: places.every(({ reasons = [] }) =>
            reasons.some(({ code }) => code === "exploration_new"),
          ),
          found: places.find(
            ({ reasons = [] }) =>
              !reasons.some(({ code }) => code === "exploration_new"),
          ),
        },
      ],
      figures: { lists: lists.length, shown },
    };
  },
};
