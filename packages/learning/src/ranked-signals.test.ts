import { DAY_MS } from "@recsys/contracts";
import { plainKernels } from "@recsys/kernels";
import { expect, test } from "vitest";
import { createInteractions } from "./create-interactions.ts";
import { popularity } from "./popularity.ts";
import { trending } from "./trending.ts";

const AS_OF = 100 * DAY_MS;
const context = { asOf: AS_OF, kernels: plainKernels };

interface Row {
  readonly user?: string;
  readonly item: string;
  readonly weight?: number;
  readonly day: number;
  readonly group?: string;
  readonly halfLifeDays?: number;
}

function rows(...list: Row[]) {
  return createInteractions({
    user: list.map((row, i) => row.user ?? `u${i}`),
    item: list.map((row) => row.item),
    weight: list.map((row) => row.weight ?? 1),
    ts: list.map((row) => row.day * DAY_MS),
    group: list.map((row) => row.group ?? null),
    halfLifeDays: list.map((row) => row.halfLifeDays ?? 0),
  });
}

test("an event loses half its weight per half-life", () => {
  const model = popularity.compute(
    rows({ item: "old", weight: 8, day: 90 }, { item: "new", day: 100 }),
    { half_life_days: 5 },
    context,
  );
  // 8 * 2^-2 = 2 against 1: ln 3 / ln 3 and ln 2 / ln 3.
  expect([...(model.lists[0]?.positions ?? [])]).toEqual([1, 0]);
  expect(model.lists[0]?.scores[1]).toBeCloseTo(Math.log(2) / Math.log(3), 6);
  expect(model.calibrations[0]?.scale).toBe(2);
});

test("the half-life of the event's type goes before the parameter", () => {
  const model = popularity.compute(
    rows(
      { item: "slow", day: 90, halfLifeDays: 1000 },
      { item: "fast", day: 90, halfLifeDays: 1 },
    ),
    { half_life_days: 5 },
    context,
  );
  expect([...(model.lists[0]?.positions ?? [])]).toEqual([1, 0]);
});

test("a dislike takes away and an item below zero is on no list", () => {
  const model = popularity.compute(
    rows(
      { item: "a", weight: 1, day: 100 },
      { item: "a", weight: -2, day: 100 },
      { item: "b", weight: 1, day: 100 },
    ),
    {},
    context,
  );
  expect([...(model.lists[0]?.positions ?? [])]).toEqual([1]);
});

test("an event after as_of counts once, not more", () => {
  const model = popularity.compute(rows({ item: "a", day: 150 }), {}, context);
  expect(model.calibrations[0]?.scale).toBe(1);
});

test("each group with enough events has its own list, small ones have none", () => {
  const model = popularity.compute(
    rows(
      { item: "a", day: 100, group: "country:France" },
      { item: "a", day: 100, group: "country:France" },
      { item: "b", day: 100, group: "country:Malta" },
      { item: "b", day: 100 },
    ),
    { min_group_events: 2 },
    context,
  );
  expect(model.groups).toEqual(["", "country:France"]);
  expect([...(model.lists[0]?.positions ?? [])]).toEqual([0, 1]);
  expect([...(model.lists[1]?.positions ?? [])]).toEqual([0]);
});

function visits(item: string, day: number, count: number): Row[] {
  return Array.from({ length: count }, (_, i) => ({
    user: `${item}-${day}-${i}`,
    item,
    day,
  }));
}

test("the ratio of rates is shrunk and set against the whole shop", () => {
  const model = trending.compute(
    rows(
      ...visits("up", 80, 10),
      ...visits("up", 99, 30),
      ...visits("down", 80, 30),
      ...visits("down", 99, 10),
    ),
    { shrinkage: 5 },
    context,
  );
  // 40 visits before and now: expected 10, (30 + 5) / (10 + 5) = 7 / 3.
  expect(model.ids[model.lists[0]?.positions[0] ?? 0]).toBe("up");
  expect(model.lists[0]?.positions.length).toBe(1);
  expect(model.calibrations[0]?.scale).toBeCloseTo(Math.log(7 / 3), 9);
});

test("growth of the whole shop is no trend", () => {
  const model = trending.compute(
    rows(
      ...visits("a", 80, 5),
      ...visits("a", 99, 50),
      ...visits("b", 80, 5),
      ...visits("b", 99, 50),
    ),
    {},
    context,
  );
  expect(model.lists[0]?.positions.length).toBe(0);
});

test("one buyer who comes again and again is no trend", () => {
  const again = Array.from({ length: 50 }, () => ({
    user: "whale",
    item: "hoard",
    day: 99,
  }));
  const model = trending.compute(
    rows(...again, ...visits("other", 80, 5), ...visits("other", 99, 5)),
    {},
    context,
  );
  expect(model.ids).toContain("hoard");
  expect(model.lists[0]?.positions.length).toBe(0);
});
