import type { SegmentCondition, SegmentRule } from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import { event, NOW } from "../test/shop.ts";
import { createExpressions } from "./expressions.ts";
import { holdsFor, matchSegment } from "./segments.ts";

const FACTS = {
  traits: {
    age: 40,
    name: "Ann",
    tags: ["a", "b"],
    vip: false,
    since: "2026-05-02T00:00:00Z",
  },
  context: { country: "France" },
  events: [event("x", "purchase", 3), event("y", "view", 1)],
  now: NOW,
};

const EXPRESSIONS = createExpressions({
  attributes: {},
  traits: { age: { type: "number" } },
  context: {},
});

const holds = (rule: SegmentRule) => holdsFor(rule, FACTS, EXPRESSIONS);

const when = (
  field: string,
  op: SegmentCondition["op"],
  value?: SegmentCondition["value"],
): SegmentRule => (value === undefined ? { field, op } : { field, op, value });

describe("a condition", () => {
  it.each([
    [when("traits.age", "eq", 40), true],
    [when("traits.age", "eq", "40"), false],
    [when("traits.tags", "eq", ["a", "b"]), true],
    [when("traits.age", "neq", 41), true],
    [when("traits.age", "gt", 40), false],
    [when("traits.age", "gte", 40), true],
    [when("traits.age", "lt", 41), true],
    [when("traits.age", "lte", 39), false],
    [when("traits.name", "gt", "Ada"), true],
    [when("traits.age", "gt", "1"), false],
    [when("context.country", "in", ["France", "Spain"]), true],
    [when("context.country", "in", ["Spain"]), false],
    [when("traits.tags", "in", ["z", "b"]), true],
    [when("traits.tags", "contains", "a"), true],
    [when("traits.name", "contains", "nn"), true],
    [when("traits.age", "contains", "4"), false],
    [when("traits.vip", "exists"), true],
    [when("traits.none", "exists"), false],
    [when("traits.none", "exists", false), true],
    [when("traits.vip", "exists", false), false],
    [when("traits.since", "days_since", 30), true],
    [when("traits.since", "days_since", 31), false],
    [when("traits.name", "days_since", 0), false],
    [when("history.count", "eq", 2), true],
    [when("history.count.view", "eq", 1), true],
    [when("history.count.like", "eq", 0), true],
    [when("history.last_ts.purchase", "days_since", 3), true],
    [when("history.last_ts", "days_since", 3), false],
    [when("history.last_ts.like", "days_since", 0), false],
    [when("history.other", "exists"), false],
    [{ where: "user.age >= 40 and history.count.view = 1" }, true],
    [{ where: "user.age > 40" }, false],
    [{ where: "item.price > 1" }, false],
    [{ where: "user.gone = 1" }, false],
  ])("%j is %s", (rule, expected) => {
    expect(holds(rule)).toBe(expected);
  });

  it.each([
    "eq",
    "neq",
    "gt",
    "gte",
    "lt",
    "lte",
    "in",
    "contains",
    "exists",
    "days_since",
  ] as const)("does not hold on a missing field, with %s", (op) => {
    const value = op === "in" ? ["x"] : op === "exists" ? true : "x";
    expect(holds(when("traits.gone", op, value))).toBe(false);
  });

  it("does not read what every object inherits", () => {
    expect(holds(when("traits.constructor", "exists"))).toBe(false);
  });
});

describe("a rule of several conditions", () => {
  const yes = when("traits.age", "eq", 40);
  const no = when("traits.age", "eq", 1);
  it("combines by all, any and not", () => {
    expect(holds({ all: [yes, yes] })).toBe(true);
    expect(holds({ all: [yes, no] })).toBe(false);
    expect(holds({ any: [no, yes] })).toBe(true);
    expect(holds({ any: [no, no] })).toBe(false);
    expect(holds({ not: { any: [no] } })).toBe(true);
  });
});

describe("matchSegment", () => {
  const segment = (name: string, rule: SegmentRule) => ({
    name,
    owner: "shop",
    rule,
    knobs: {},
  });
  it("takes the first that matches, else none", () => {
    const young = segment("young", when("traits.age", "lt", 20));
    const french = segment("french", when("context.country", "eq", "France"));
    const any = segment("any", when("traits.age", "gt", 0));
    expect(matchSegment([young, french, any], FACTS, EXPRESSIONS)).toBe(
      "french",
    );
    expect(matchSegment([young], FACTS, EXPRESSIONS)).toBe(null);
  });
});
