import { HOUR_MS } from "@recsys/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attribute, type AttributionPolicy } from "./attribute.ts";
import type { Outcome, SeenItem } from "./outcome.ts";
const NOW = 1_000 * HOUR_MS;

const policies: Record<string, AttributionPolicy> = {
  click: { attribution_window_hours: 24, attribution_rule: "last_exposure" },
  purchase: { attribution_window_hours: 168, attribution_rule: "any_exposure" },
};

function seen(o: Partial<SeenItem> & { readonly hour: number }): SeenItem {
  const { hour, ...rest } = o;
  return {
    requestId: "r1",
    itemId: "a",
    userKey: "u",
    ts: hour * HOUR_MS,
    ...rest,
  };
}

function outcome(o: Partial<Outcome> & { readonly hour: number }): Outcome {
  const { hour, ...rest } = o;
  return {
    outcomeId: "o1",
    requestId: "r1",
    itemId: "a",
    userKey: "u",
    type: "click",
    ts: hour * HOUR_MS,
    ...rest,
  };
}

function join(outcomes: readonly Outcome[], exposures: readonly SeenItem[]) {
  return attribute(outcomes, exposures, { policies, now: NOW });
}

describe("an outcome with a request id", () => {
  test("joins the exposure of that request and item, whoever sent it", () => {
    const exposure = seen({ hour: 100, userKey: null });
    const { matched } = join([outcome({ hour: 101 })], [exposure]);
    expect(matched[0]?.exposures).toEqual([exposure]);
  });

  test("does not join another item or another request", () => {
    const others = [
      seen({ hour: 100, itemId: "b" }),
      seen({ hour: 100, requestId: "r2" }),
    ];
    expect(join([outcome({ hour: 101 })], others).unmatched).toMatchObject([
      { reason: "no_exposure" },
    ]);
  });

  test("counts up to the last millisecond of its type's window", () => {
    const exposures = [seen({ hour: 100 })];
    const onTime = outcome({ hour: 124 });
    const late = { ...onTime, ts: onTime.ts + 1 };
    expect(join([onTime], exposures).counts.matched).toBe(1);
    expect(join([late], exposures).counts.outsideWindow).toBe(1);
    const purchase = { ...late, type: "purchase" };
    expect(join([purchase], exposures).counts.matched).toBe(1);
  });

  test("is not caused by what was seen only later", () => {
    const { counts } = join([outcome({ hour: 99 })], [seen({ hour: 100 })]);
    expect(counts).toMatchObject({ matched: 0, outsideWindow: 1 });
  });

  test("whose request is unknown does not fall back to the user", () => {
    const { counts } = join(
      [outcome({ hour: 101, requestId: "lost" })],
      [seen({ hour: 100 })],
    );
    expect(counts).toMatchObject({ matched: 0, unmatched: 1 });
  });
});

describe("an outcome without a request id", () => {
  test("joins the latest exposure of that item to that user", () => {
    const older = seen({ hour: 100, requestId: "r1" });
    const newer = seen({ hour: 101, requestId: "r2" });
    const later = seen({ hour: 103, requestId: "r3" });
    const { matched } = join(
      [outcome({ hour: 102, requestId: null })],
      [older, later, newer],
    );
    expect(matched[0]?.exposures).toEqual([newer]);
  });

  test("credits every exposure in the window under any_exposure, latest first", () => {
    const first = seen({ hour: 100, requestId: "r1" });
    const second = seen({ hour: 101, requestId: "r2" });
    const { matched, counts } = join(
      [outcome({ hour: 102, requestId: null, type: "purchase" })],
      [first, second],
    );
    expect(matched[0]?.exposures).toEqual([second, first]);
    expect(counts.matched).toBe(1);
  });

  test("and without a user cannot be joined", () => {
    const lone = outcome({ hour: 102, requestId: null, userKey: null });
    expect(join([lone], [seen({ hour: 100 })]).unmatched).toMatchObject([
      { reason: "no_user" },
    ]);
  });
});

describe("what is not credited", () => {
  test("waits for an hour for an exposure that is still under way", () => {
    const at = (ts: number) => outcome({ hour: 0, ts });
    expect(join([at(NOW - HOUR_MS + 1)], []).counts.pending).toBe(1);
    expect(join([at(NOW - HOUR_MS)], []).counts.unmatched).toBe(1);
  });

  test("has no policy for its type, not even an inherited one", () => {
    for (const type of ["stare", "constructor"]) {
      expect(
        join([outcome({ hour: 101, type })], [seen({ hour: 100 })]).unmatched,
      ).toMatchObject([{ reason: "no_policy" }]);
    }
  });

  test("was seen only under an identity that a merge moved", () => {
    const moved = seen({ hour: 100, contaminated: true });
    const { counts } = join([outcome({ hour: 101 })], [moved]);
    expect(counts).toMatchObject({ matched: 0, contaminated: 1 });
  });
});

const id = fc.constantFrom("1", "1:1", "11", ":1");
const exposures = fc.array(
  fc.record({
    requestId: id,
    itemId: id,
    userKey: fc.option(id),
    ts: fc.integer({ min: 0, max: 300 * HOUR_MS }),
    contaminated: fc.boolean(),
  }),
  { maxLength: 30 },
);
const outcomes = fc.array(
  fc.record({
    outcomeId: fc.uuid(),
    requestId: fc.option(id),
    itemId: id,
    userKey: fc.option(id),
    type: fc.constantFrom("click", "purchase", "stare"),
    ts: fc.integer({ min: 0, max: 300 * HOUR_MS }),
  }),
  { maxLength: 20 },
);

describe("for any outcomes and exposures", () => {
  test("every outcome is counted exactly once", () => {
    fc.assert(
      fc.property(outcomes, exposures, (all, seenItems) => {
        const { counts } = join(all, seenItems);
        const { outcomes: total, ...parts } = counts;
        expect(total).toBe(all.length);
        expect(Object.values(parts).reduce((a, b) => a + b, 0)).toBe(total);
      }),
    );
  });

  test("credit goes only to the same item, the same request or user, within the window, uncontaminated", () => {
    fc.assert(
      fc.property(outcomes, exposures, (all, seenItems) => {
        for (const match of join(all, seenItems).matched) {
          const policy = policies[match.outcome.type];
          const windowMs = (policy?.attribution_window_hours ?? 0) * HOUR_MS;
          expect(match.exposures.length).toBeGreaterThan(0);
          for (const exposure of match.exposures) {
            const age = match.outcome.ts - exposure.ts;
            expect(exposure.itemId).toBe(match.outcome.itemId);
            expect(age >= 0 && age <= windowMs).toBe(true);
            expect(exposure.contaminated).toBe(false);
            if (match.outcome.requestId === null) {
              expect(exposure.userKey).toBe(match.outcome.userKey);
            } else expect(exposure.requestId).toBe(match.outcome.requestId);
          }
        }
      }),
    );
  });

  test("the order of the rows changes nothing but the order of the answer", () => {
    fc.assert(
      fc.property(outcomes, exposures, (all, seenItems) => {
        const distinct = [
          ...new Map(
            seenItems.map((e) => [`${e.requestId}|${e.itemId}|${e.ts}`, e]),
          ).values(),
        ];
        expect(join(all, distinct.toReversed())).toEqual(join(all, distinct));
      }),
    );
  });

  test("a longer window never loses a match", () => {
    const wide: Record<string, AttributionPolicy> = Object.fromEntries(
      Object.entries(policies).map(([type, policy]) => [
        type,
        { ...policy, attribution_window_hours: 1000 },
      ]),
    );
    fc.assert(
      fc.property(outcomes, exposures, (all, seenItems) => {
        const narrow = join(all, seenItems).counts.matched;
        const o = { policies: wide, now: NOW };
        expect(
          attribute(all, seenItems, o).counts.matched,
        ).toBeGreaterThanOrEqual(narrow);
      }),
    );
  });
});
