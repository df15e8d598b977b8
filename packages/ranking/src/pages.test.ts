import type { RankRequest } from "@recsys/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RICH_USER } from "../test/rich-shop.ts";
import { RICH_IDS, richShop } from "../test/rich-shop.ts";
import { idsOf, NOW, rankIn, request, rule, user } from "../test/shop.ts";
import { SOURCES } from "./sources/index.ts";
import { findIneligible } from "./still-eligible.ts";

/** Without the limits on what is promoted, which are of each list and never yield. */
const LIFTED = { "slots.sponsored_max": 200, "slots.promoted_share": 1 };

/** A source that is cut by its quota is asked for more only once a list is short of candidates. */
const WIDE = Object.fromEntries(
  SOURCES.map(({ name }) => [`${name}.quota`, 100]),
);

/** Turns pages until one is not full. */
function pages(
  snapshot: ReturnType<typeof richShop>,
  k: number,
  more: { asked?: Partial<RankRequest>; userState?: typeof RICH_USER },
): string[] {
  const all: string[] = [];
  for (;;) {
    const paged = [...all];
    const page = idsOf(rankIn(snapshot, { ...more.asked, k, paged }, more));
    all.push(...page);
    if (page.length < k) return all;
  }
}

const people = fc
  .array(fc.tuple(fc.constantFrom(...RICH_IDS), fc.integer({ min: 0 })), {
    maxLength: 12,
  })
  .map((events) =>
    user(
      events.map(([item_id, days]) => ({
        item_id,
        type: days % 2 === 0 ? "view" : "purchase",
        ts: NOW - (days % 100) * 86_400_000,
      })),
    ),
  );

describe("pages of a list", () => {
  it("are the parts of one long list", () => {
    const snapshot = richShop({}, { rules: [] });
    fc.assert(
      fc.property(people, fc.integer({ min: 1, max: 25 }), (userState, k) => {
        const asked = { requestKnobs: { ...LIFTED, ...WIDE } };
        const long = rankIn(snapshot, { ...asked, k: 60 }, { userState });
        expect(pages(snapshot, k, { userState, asked })).toEqual(idsOf(long));
      }),
      { numRuns: 60 },
    );
  });

  it("repeat and lose nothing, whatever pins, caps and diversity make of each", () => {
    const snapshot = richShop();
    const asked = {
      constraints: { max_per_attribute: { brand: 2, category: 3 } },
      requestKnobs: {
        ...LIFTED,
        "diversity.mmr_lambda": 0.5,
        "rotation.weight": 0.1,
      },
    };
    const everything = { k: 60, requestKnobs: LIFTED };
    fc.assert(
      fc.property(people, fc.integer({ min: 2, max: 25 }), (userState, k) => {
        const long = idsOf(rankIn(snapshot, everything, { userState }));
        const turned = pages(snapshot, k, { userState, asked });
        expect(new Set(turned).size).toBe(turned.length);
        expect([...turned].sort()).toEqual([...long].sort());
      }),
      { numRuns: 40 },
    );
  });
});

describe("the lists of one page", () => {
  const pin = rule({ action: "PIN", target: { item_ids: ["item-10"] } });
  const onPage = ["item-10", "item-11"];

  it("do not repeat items, unless a rule pins them by name", () => {
    const free = rankIn(richShop({}, { rules: [] }), { k: 60, onPage });
    const listed = idsOf(free);
    expect(listed).not.toContain("item-10");
    expect(listed).not.toContain("item-11");
    const result = rankIn(richShop({}, { rules: [pin] }), { k: 5, onPage });
    expect(idsOf(result)[0]).toBe("item-10");
    expect(idsOf(result)).not.toContain("item-11");
  });
});

describe("findIneligible", () => {
  it("names what may not be listed (any more), and what is not there", () => {
    const ids = ["item-00", "item-06", "item-16", "item-18", "nothing"];
    const input = {
      request: request(),
      snapshot: richShop(),
      userState: user(),
      now: NOW,
    };
    // Blocked by its tag, not available, sold out, unknown.
    expect(findIneligible(input, ids)).toEqual(ids.slice(1));
  });
});
