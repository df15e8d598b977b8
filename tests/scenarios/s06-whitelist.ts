import { ask, listsFor, productsOf, spread } from "./measure.ts";
import type { Scenario } from "./scenario.ts";

const BRAND = "Maker 69";

export const whitelist: Scenario = {
  id: "S6",
  title: "a list of one brand holds that brand only, and is full",
  async run(grocer) {
    const households = spread(grocer.known, 40);
    const only = ask(grocer, {
      constraints: { where: `item.brand = "${BRAND}"` },
    });
    const lists = await listsFor(households, only);
    const items = lists.flatMap(productsOf);
    return {
      checks: [
        {
          that: "every item is of the brand",
          holds: items.every(({ brand }) => brand === BRAND),
          found: items.find(({ brand }) => brand !== BRAND),
        },
        {
          that: "every list is full",
          holds: lists.every((list) => list.items.length === 20),
        },
        {
          that: "lists are still personal",
          holds:
            new Set(lists.map((list) => JSON.stringify(list.items[0]?.item_id)))
              .size > 5,
        },
      ],
      figures: { lists: lists.length, items: items.length },
    };
  },
};
