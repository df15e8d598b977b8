import type { Segment } from "@recsys/contracts";
import type { Grocer } from "./grocer.ts";
import {
  ask,
  idsOf,
  listsFor,
  mean,
  productsOf,
  reciprocalRank,
} from "./measure.ts";
import type { Scenario } from "./scenario.ts";

const PROFILE_ITEMS = 60;
/** Least share of the measured mean reciprocal rank of what is popular with everybody. */
const FLOOR = 0.9;

export const starterProfile: Scenario = {
  id: "S7",
  title:
    "households of which nothing is known but their kind get fitting lists",
  async run(grocer) {
    const popular = await listsFor(grocer.strangers, ask(grocer));
    await writeSegments(grocer, segmentsOf(grocer));
    const started = await listsFor(grocer.strangers, ask(grocer));
    await writeSegments(grocer, []);
    const rankOf = (lists: typeof popular): number =>
      mean(
        lists.map((list, n) => {
          const household = grocer.strangers[n];
          return household === undefined
            ? 0
            : reciprocalRank(idsOf(list), household);
        }),
      );
    const baseline = rankOf(popular);
    const reached = rankOf(started);
    const categories = started.map(
      (list) =>
        new Set(productsOf(list).map(({ category }) => category[1])).size,
    );
    return {
      checks: [
        {
          that: "everybody gets at least five items",
          holds: started.every(({ items }) => items.length >= 5),
        },
        {
          that: "of at least four categories",
          holds: categories.every((count) => count >= 4),
          found: Math.min(...categories),
        },
        {
          that: "their segment is named",
          holds: started.every(({ meta }) => meta.segment !== null),
        },
        {
          that: "lists are those of the segment, not of everybody",
          holds: started.some(
            (list, n) =>
              JSON.stringify(idsOf(list)) !==
              JSON.stringify(popular[n] === undefined ? [] : idsOf(popular[n])),
          ),
        },
        {
          that: "the first hit comes about as early as with what is popular",
          holds: reached >= FLOOR * baseline,
          found: { baseline, reached },
        },
      ],
      figures: {
        households: started.length,
        mrr_popular: baseline,
        mrr_started: reached,
        fewest_categories: Math.min(...categories),
      },
    };
  },
};

/** One segment for each kind of household, starting with what most of that kind buy. */
function segmentsOf({ buyers }: Grocer): Segment[] {
  return [...buyers]
    .filter(([kind]) => kind !== "")
    .map(([kind, items]) => {
      const top = [...items]
        .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
        .slice(0, PROFILE_ITEMS);
      const most = top[0]?.[1] ?? 1;
      return {
        name: kind.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-"),
        owner: "merchandising",
        rule: { where: `user.household_kind = "${kind}"` },
        knobs: { "starter.weight": 1, "diversity.max_per_category": 4 },
        starter: {
          item_ids: Object.fromEntries(
            top.map(([id, count]) => [id, count / most]),
          ),
        },
      };
    });
}

async function writeSegments(
  grocer: Grocer,
  segments: readonly Segment[],
): Promise<void> {
  await grocer.call("/v1/admin/config/segments?reason=scenario", {
    method: "PUT",
    body: segments,
    headers: { "If-Match": "*" },
  });
}
