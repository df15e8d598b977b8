import { DAY_MS, DEFAULT_CONFIG, MINUTE_MS } from "@recsys/contracts";
import { plainKernels } from "@recsys/kernels";
import { SIGNALS } from "@recsys/learning";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toEventColumns, type EventRow } from "./event-columns.ts";
import { interactionsHash } from "./interactions-hash.ts";
import { weighEvents, type InteractionPolicy } from "./weigh-events.ts";

const policy: InteractionPolicy = {
  eventTypes: DEFAULT_CONFIG.event_types,
  quantity: "log",
  sessionGapMinutes: 30,
  asOf: 1_000_000_000,
};

function bought(user: string, item: string, ts: number): EventRow {
  return { user, item, type: "purchase", ts };
}

function weigh(rows: readonly EventRow[], changed = {}) {
  return weighEvents(toEventColumns(rows), { ...policy, ...changed });
}

describe("interactions from events", () => {
  it("weighs a row by its type and the logarithm of its quantity", () => {
    const { interactions } = weigh([
      { ...bought("a", "x", 1), quantity: Math.E },
      { user: "a", item: "y", type: "view", ts: 2 },
      { user: "a", item: "z", type: "hide", ts: 3 },
    ]);
    expect([...interactions.weight]).toEqual([16, 1, -8]);
    expect([...(interactions.halfLifeDays ?? [])]).toEqual([60, 60, 60]);
  });

  it("lets old purchases count less when their half-life is shorter", () => {
    const given = [
      bought("a", "old", 0),
      bought("b", "old", 0),
      bought("c", "new", 60 * DAY_MS),
    ];
    const order = (half_life_days: number) => {
      const purchase = { ...DEFAULT_CONFIG.event_types["purchase"] };
      const eventTypes = { purchase: { ...purchase, half_life_days } };
      const asOf = 60 * DAY_MS;
      const { interactions } = weigh(given, { eventTypes, asOf });
      const context = { asOf, kernels: plainKernels };
      const { ids, lists } = SIGNALS.popularity.compute(
        interactions,
        {},
        context,
      );
      return Array.from(lists[0]?.positions ?? [], (item) => ids[item]);
    };
    // Two old ones are worth 2 × 2^(-60 / half-life): 1.41 at 120 days, 0.5 at 30.
    expect(order(120)).toEqual(["old", "new"]);
    expect(order(30)).toEqual(["new", "old"]);
  });

  it("leaves out and counts unknown types, weight 0 and later events", () => {
    const eventTypes = {
      ...DEFAULT_CONFIG.event_types,
      view: { ...DEFAULT_CONFIG.event_types["view"], weight: 0 },
    };
    const { counts } = weigh(
      [
        bought("a", "x", 1),
        bought("a", "x", 2_000_000_000),
        { user: "a", item: "x", type: "view", ts: 1 },
        { user: "a", item: "x", type: "sneeze", ts: 1 },
        { user: "a", item: "x", type: "constructor", ts: 1 },
      ],
      { eventTypes },
    );
    expect(counts).toEqual({
      used: 1,
      afterAsOf: 1,
      unknownType: 2,
      weightZero: 1,
      returned: 0,
    });
  });

  it("undoes a purchase that was returned by then: same person, order and item", () => {
    const given = [
      { ...bought("a", "x", 1), order: "o1" },
      { ...bought("a", "y", 1), order: "o1" },
      { ...bought("a", "x", 2), order: "o2" },
      { ...bought("b", "x", 1), order: "o1" },
      { user: "a", item: "x", type: "view", ts: 1 },
      { user: "a", item: "x", type: "return", ts: 5, order: "o1" },
    ];
    const { interactions, counts } = weigh(given);
    expect(counts).toMatchObject({ used: 4, returned: 2 });
    const left = [...interactions.weight].sort((a, b) => a - b);
    expect(left).toEqual([1, 8, 8, 8]);
    // Before it came back the purchase was one.
    expect(weigh(given, { asOf: 4 }).counts).toMatchObject({
      used: 5,
      returned: 0,
      afterAsOf: 1,
    });
  });

  it("takes an order as a basket and else splits where the user paused", () => {
    const { interactions } = weigh([
      { ...bought("a", "x", 0), order: "o1" },
      { ...bought("a", "y", 90 * MINUTE_MS), order: "o1" },
      bought("b", "x", 0),
      bought("b", "y", 30 * MINUTE_MS),
      bought("b", "z", 61 * MINUTE_MS),
    ]);
    expect([...interactions.basket]).toEqual([0, 0, 1, 1, 2]);
  });

  it("marks people known by a session only as guests", () => {
    const { interactions } = weigh([
      { ...bought("g", "x", 1), person: "session" },
      bought("u", "x", 2),
    ]);
    expect([...interactions.person]).toEqual([0, 1]);
  });
});

describe("the hash of interactions", () => {
  const rows = fc.array(
    fc.record({
      user: fc.constantFrom("u1", "u2", "u3"),
      item: fc.constantFrom("a", "b", "c"),
      type: fc.constantFrom("view", "purchase"),
      ts: fc.integer({ min: 0, max: 5 }),
      order: fc.constantFrom(undefined, "o1", "o2"),
    }),
    { minLength: 1, maxLength: 20 },
  );

  it("does not depend on the order of rows or the labels of users", () => {
    const renamed = new Map([
      ["u1", "zz"],
      ["u2", "k"],
      ["u3", "a"],
    ]);
    fc.assert(
      fc.property(rows, (given) => {
        const relabelled = given
          .map((row) => ({ ...row, user: renamed.get(row.user) ?? "" }))
          .reverse();
        expect(interactionsHash(weigh(relabelled).interactions)).toBe(
          interactionsHash(weigh(given).interactions),
        );
      }),
    );
  });

  it("changes when the weight of an event type or the owner of a row changes", () => {
    const given = [bought("a", "x", 1), bought("b", "y", 1)];
    const before = interactionsHash(weigh(given).interactions);
    const purchase = { ...DEFAULT_CONFIG.event_types["purchase"], weight: 9 };
    const weighed = weigh(given, { eventTypes: { purchase } });
    expect(interactionsHash(weighed.interactions)).not.toBe(before);
    const merged = weigh([bought("a", "x", 1), bought("a", "y", 1)]);
    expect(interactionsHash(merged.interactions)).not.toBe(before);
  });
});
