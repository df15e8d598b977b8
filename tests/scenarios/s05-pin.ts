import { ruleOf } from "./grocer.ts";
import { ask, idsOf, listsFor, spread } from "./measure.ts";
import type { Scenario } from "./scenario.ts";

export const pin: Scenario = {
  id: "S5",
  title: "the pinned item is first, whoever asks, unless they exclude it",
  async run(grocer) {
    const households = spread(grocer.known, 40);
    const before = await listsFor(households, ask(grocer, { k: 50 }));
    const listed = new Set(before.flatMap(idsOf));
    const { items } = await grocer.call<{
      readonly items: readonly { readonly item_id: string }[];
    }>("/v1/items?limit=500");
    const item = items
      .map(({ item_id }) => item_id)
      .find((id) => !listed.has(id));
    if (item === undefined) throw new Error("every item is listed already");
    await grocer.rule([
      ruleOf({ action: "PIN", target: { item_ids: [item] }, position: 1 }),
    ]);
    const pinned = await listsFor(households, ask(grocer));
    const elsewhere = await listsFor(
      households.slice(0, 5),
      ask(grocer, { candidates: { exclude_ids: [item] } }),
    );
    await grocer.rule([]);
    return {
      checks: [
        {
          that: "it is first on every list",
          holds: pinned.every((list) => idsOf(list)[0] === item),
          found: pinned.filter((list) => idsOf(list)[0] !== item).length,
        },
        {
          that: "and listed once",
          holds: pinned.every((list) => idsOf(list).lastIndexOf(item) === 0),
        },
        {
          that: "the reason names the rule",
          holds: pinned.every(
            (list) => list.items[0]?.reasons?.[0]?.rule_id === "scenario",
          ),
        },
        {
          that: "who excludes it does not see it",
          holds: elsewhere.every((list) => !idsOf(list).includes(item)),
        },
      ],
      figures: { lists: pinned.length },
    };
  },
};
