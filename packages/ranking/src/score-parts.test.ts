import { scoreParts, type Rule } from "@recsys/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RICH_IDS, richShop } from "../test/rich-shop.ts";
import { event, rankIn, rule, user } from "../test/shop.ts";
import { SOURCES } from "./sources/index.ts";
import { TERMS } from "./terms/index.ts";

const weight = fc.double({ min: 0, max: 3, noNaN: true });
const arbitraries: Record<string, fc.Arbitrary<number>> = {
  "diversity.mmr_lambda": fc.constantFrom(0.3, 0.8, 1),
  "popularity.quota": fc.integer({ min: 0, max: 30 }),
};
for (const { name } of [...SOURCES, ...TERMS]) {
  arbitraries[`${name}.weight`] = weight;
}
const knobs = fc
  .record(arbitraries, { requiredKeys: [] })
  .map((values) => values as Record<string, number>);
const moves: fc.Arbitrary<Rule[]> = fc.array(
  fc
    .record({
      action: fc.constantFrom("BOOST" as const, "BURY" as const),
      ids: fc.subarray(RICH_IDS, { minLength: 1 }),
      amount: fc.oneof(
        fc.double({ min: 0, max: 10, noNaN: true }),
        fc.constantFrom("item.price / 7", "0.1 + history.count / 3"),
      ),
    })
    .map(({ action, ids, amount }) =>
      rule({ action, target: { item_ids: ids }, amount }),
    ),
  { maxLength: 4 },
);
const events = fc.array(
  fc
    .tuple(
      fc.constantFrom(...RICH_IDS),
      fc.constantFrom("view", "purchase", "dislike", "add_to_cart"),
      fc.integer({ min: 0, max: 200 }),
    )
    .map(([id, type, days]) => event(id, type, days)),
  { maxLength: 20 },
);

describe("the parts of a score", () => {
  it("sum to it to the last bit, for any configuration and request", () => {
    const seen = { backfilled: 0, moved: 0, withTerms: 0, items: 0 };
    fc.assert(
      fc.property(
        fc.record({
          knobs,
          moves,
          events,
          k: fc.integer({ min: 1, max: 60 }),
          anchors: fc.subarray(RICH_IDS, { maxLength: 3 }),
          isFew: fc.boolean(),
        }),
        ({ knobs: requestKnobs, moves: rules, events: past, ...asked }) => {
          const { k, anchors, isFew } = asked;
          const result = rankIn(
            richShop({}, { rules: rules.map(renumber) }),
            {
              k,
              anchors,
              requestKnobs,
              constraints: isFew ? { max_per_brand: 2 } : {},
            },
            { userState: user(past) },
          );
          seen.backfilled += result.counts["backfilled"] ?? 0;
          for (const each of result.slate) {
            let sum = 0;
            for (const { contribution } of scoreParts(each, result)) {
              sum += contribution;
            }
            expect(sum).toBe(each.score);
            seen.items++;
            if (each.rule !== undefined) seen.moved++;
            if (each.terms?.some((value) => value > 0)) seen.withTerms++;
          }
        },
      ),
      { numRuns: 200 },
    );
    // What the property is about did occur.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(100);
  });
});

function renumber(each: Rule, at: number): Rule {
  return { ...each, id: `move-${at}` };
}
