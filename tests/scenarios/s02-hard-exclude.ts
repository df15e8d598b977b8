import { ruleOf } from "./grocer.ts";
import { ask, listsFor, productsOf, spread } from "./measure.ts";
import type { Scenario } from "./scenario.ts";

export const hardExclude: Scenario = {
  id: "S2",
  title: "a BLOCK on a tag leaves none of its items, whatever the list",
  async run(grocer) {
    const households = spread(grocer.known, 40);
    const tag = "own-brand";
    const count = async (): Promise<{ items: number; short: number }> => {
      const lists = await listsFor(households, ask(grocer, { k: 50 }));
      const items = lists.flatMap(productsOf);
      return {
        items: items.filter(({ tags }) => tags.includes(tag)).length,
        short: lists.filter((list) => list.items.length < 50).length,
      };
    };
    const before = await count();
    await grocer.rule([
      ruleOf({ action: "BLOCK", target: { tags: [tag] } }),
      // A pin cannot bring it back.
      ruleOf({ id: "pin", action: "PIN", target: { tags: [tag] } }),
    ]);
    const after = await count();
    await grocer.rule([]);
    const restored = await count();
    return {
      checks: [
        { that: "such items are listed before", holds: before.items > 0 },
        { that: "none is under the rule", holds: after.items === 0 },
        { that: "no list is short", holds: after.short === 0 },
        {
          that: "all are back without the rule",
          holds: restored.items === before.items,
          found: restored.items,
        },
      ],
      figures: { before: before.items, after: after.items },
    };
  },
};
