import { DEFAULT_CONFIG } from "@recsys/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  buildInteractions,
  type InteractionPolicy,
} from "./build-interactions.ts";
import { toEventColumns, type EventRow } from "./event-columns.ts";
import { interactionsHash } from "./interactions-hash.ts";

const policy: InteractionPolicy = {
  eventTypes: DEFAULT_CONFIG.event_types,
  quantity: "log",
  sessionGapMinutes: 30,
  asOf: 1_000_000_000,
};

function bought(user: string, item: string, ts: number): EventRow {
  return { user, item, type: "purchase", ts };
}

function build(rows: readonly EventRow[], changed = {}) {
  return buildInteractions(toEventColumns(rows), { ...policy, ...changed });
}

describe("interactions from events", () => {
  it("sorts rows by user, time and item and ids by code units", () => {
    const { interactions } = build([
      bought("b", "z", 5),
      bought("a", "y", 9),
      bought("a", "x", 7),
    ]);
    expect(interactions.users).toEqual(["a", "b"]);
    expect(interactions.items).toEqual(["x", "y", "z"]);
    expect([...interactions.user]).toEqual([0, 0, 1]);
    expect([...interactions.item]).toEqual([0, 1, 2]);
    expect([...interactions.ts]).toEqual([7, 9, 5]);
  });

  it("weighs a row by its type and the logarithm of its quantity", () => {
    const { interactions } = build([
      { ...bought("a", "x", 1), quantity: Math.E },
      { user: "a", item: "y", type: "view", ts: 2 },
    ]);
    expect([...interactions.weight]).toEqual([16, 1]);
  });

  it("leaves out and counts unknown types, negative types and later events", () => {
    const { counts } = build([
      bought("a", "x", 1),
      bought("a", "x", 2_000_000_000),
      { user: "a", item: "x", type: "hide", ts: 1 },
      { user: "a", item: "x", type: "sneeze", ts: 1 },
    ]);
    expect(counts).toEqual({
      used: 1,
      afterAsOf: 1,
      unknownType: 1,
      notPositive: 1,
    });
  });

  it("takes an order as a basket and else splits where the user paused", () => {
    const minute = 60_000;
    const { interactions } = build([
      { ...bought("a", "x", 0), order: "o1" },
      { ...bought("a", "y", 90 * minute), order: "o1" },
      bought("b", "x", 0),
      bought("b", "y", 30 * minute),
      bought("b", "z", 61 * minute),
    ]);
    expect([...interactions.basket]).toEqual([0, 0, 1, 1, 2]);
  });

  it("marks people known by a session only as guests", () => {
    const { interactions } = build([
      { ...bought("g", "x", 1), person: "session" },
      bought("u", "x", 1),
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
        expect(interactionsHash(build(relabelled).interactions)).toBe(
          interactionsHash(build(given).interactions),
        );
      }),
    );
  });

  it("changes when the weight of an event type or the owner of a row changes", () => {
    const given = [bought("a", "x", 1), bought("b", "y", 1)];
    const before = interactionsHash(build(given).interactions);
    const purchase = { ...DEFAULT_CONFIG.event_types["purchase"], weight: 9 };
    const weighed = build(given, { eventTypes: { purchase } });
    expect(interactionsHash(weighed.interactions)).not.toBe(before);
    const merged = build([bought("a", "x", 1), bought("a", "y", 1)]);
    expect(interactionsHash(merged.interactions)).not.toBe(before);
  });
});
