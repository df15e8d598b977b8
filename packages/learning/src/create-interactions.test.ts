import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalOrder } from "./canonical-order.ts";
import { createInteractions } from "./create-interactions.ts";

test("orders items by id, users by what they did and rows by time", () => {
  const built = createInteractions({
    user: ["zoe", "ann", "ann"],
    item: ["b", "a", "b"],
    weight: [1, 2, 3],
    ts: [5, 20, 10],
    basket: ["x", "y", ""],
    group: ["country:Spain", null, "country:France"],
    person: [0, 1, 1],
    halfLifeDays: [1, 2, 3],
  });
  expect(built).toEqual({
    users: ["zoe", "ann"],
    items: ["a", "b"],
    groups: ["", "country:France", "country:Spain"],
    user: Int32Array.of(0, 1, 1),
    item: Int32Array.of(1, 1, 0),
    weight: Float32Array.of(1, 3, 2),
    ts: Float64Array.of(5, 10, 20),
    basket: Int32Array.of(0, -1, 1),
    group: Int32Array.of(2, 1, 0),
    person: Uint8Array.of(0, 1),
    halfLifeDays: Float32Array.of(1, 3, 2),
  });
});

test("baskets of the same name of two users stay two baskets", () => {
  const built = createInteractions({
    user: ["a", "b"],
    item: ["i", "i"],
    weight: [1, 1],
    ts: [0, 0],
    basket: ["1", "1"],
  });
  expect([...built.basket]).toEqual([0, 1]);
});

test("ordering what is in order changes nothing", () => {
  const row = fc.tuple(fc.nat(4), fc.nat(4), fc.nat(3), fc.option(fc.nat(2)));
  fc.assert(
    fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
      const built = createInteractions({
        user: rows.map(([user]) => `u${user}`),
        item: rows.map(([, item]) => `i${item}`),
        weight: rows.map(() => 1),
        ts: rows.map(([, , ts]) => ts),
        basket: rows.map(([, , , basket]) =>
          basket === null ? null : `b${basket}`,
        ),
      });
      expect(canonicalOrder(built)).toEqual(built);
    }),
  );
});

test.each([
  [{ weight: [Number.NaN] }, "column weight, row 0: NaN is out of range"],
  [{ weight: [1e39] }, "column weight, row 0: Infinity is out of range"],
  [{ ts: [9e15] }, "column ts, row 0"],
  [{ ts: [] }, "column ts has 0 rows, user has 1"],
  [{ item: [""] }, "row 0: item is empty"],
  [{ user: [""] }, "row 0: user is empty"],
  [{ person: [2] }, "column person, row 0: 2 is out of range"],
  [{ halfLifeDays: [-1] }, "column halfLifeDays, row 0: -1 is out of range"],
])("refuses %j", (change, message) => {
  const row = { user: ["u"], item: ["i"], weight: [1], ts: [0] };
  expect(() => createInteractions({ ...row, ...change })).toThrow(message);
});

test("refuses positions that point nowhere and items out of order", () => {
  const built = createInteractions({
    user: ["u", "u"],
    item: ["i", "j"],
    weight: [1, 1],
    ts: [0, 0],
  });
  expect(() => canonicalOrder({ ...built, item: Int32Array.of(0, 2) })).toThrow(
    "column item, row 1: 2 is out of range",
  );
  expect(() => canonicalOrder({ ...built, items: ["j", "i"] })).toThrow(
    "items are not sorted and distinct at 1",
  );
});
