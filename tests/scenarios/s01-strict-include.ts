import { ask, listsFor, productsOf, spread } from "./measure.ts";
import type { Scenario } from "./scenario.ts";

export const strictInclude: Scenario = {
  id: "S1",
  title: "every item carries the tags that the request asks for",
  async run(grocer) {
    const households = spread(grocer.known, 40);
    const plain = await listsFor(households, ask(grocer));
    const tags = ["own-brand", "grocery"];
    const strict = await listsFor(
      households,
      ask(grocer, { constraints: { all_of: tags } }),
    );
    const carries = (item: { readonly tags: readonly string[] }): boolean =>
      tags.every((tag) => item.tags.includes(tag));
    const before = plain.flatMap(productsOf);
    const after = strict.flatMap(productsOf);
    return {
      checks: [
        {
          that: "without the constraint some items lack a tag",
          holds: !before.every(carries),
        },
        {
          that: "with it every item carries both",
          holds: after.every(carries),
          found: after.find((item) => !carries(item)),
        },
        {
          that: "no list is shorter for it",
          holds: strict.every(({ items }) => items.length === 20),
        },
      ],
      figures: {
        lists: strict.length,
        share_before: before.filter(carries).length / before.length,
        share_after: after.filter(carries).length / after.length,
      },
    };
  },
};
