import {
  DAY_MS,
  readExpression,
  type ExpressionUse,
  type Item,
} from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import { item, NOW } from "../test/shop.ts";
import { bindAmount, bindFilter } from "./expression.ts";

const NAMES = {
  attributes: {
    colour: { type: "string" },
    margin: { type: "number" },
    vegan: { type: "boolean" },
  },
  traits: { tier: { type: "string" }, likes: { type: "string_list" } },
  context: { country: { type: "string" } },
} as const;
const FACTS = {
  traits: { tier: "gold", likes: ["acme"] },
  context: {},
  events: [
    { item_id: "a", type: "purchase", ts: NOW - 3 * DAY_MS },
    { item_id: "b", type: "view", ts: NOW - DAY_MS },
  ],
  now: NOW,
};
const MUG = item("mug", {
  price: 12,
  brand: "acme",
  title: "Blue Mug",
  tags: ["kitchen", "blue"],
  created_at: NOW - 10 * DAY_MS,
  attributes: { colour: "blue", margin: 0.4, vegan: true },
});
const BARE = item("bare");

function read(text: string, use: ExpressionUse) {
  const found = readExpression(text, { names: NAMES, use });
  if (!found.ok) throw new Error(found.problems[0]?.message);
  return found.expression;
}
const holds = (text: string, of: Item): boolean =>
  bindFilter(read(text, "filter"), FACTS)(of);

describe("a filter expression", () => {
  it.each([
    ["item.price < 20", true, false],
    ["not (item.price < 20)", false, true],
    ["item.price != 12", false, false],
    ["item.tags has 'blue'", true, false],
    ["item.tags has any ['red', 'blue']", true, false],
    ["item.tags has all ['red', 'blue']", false, false],
    ["item.attributes.colour in ['blue']", true, false],
    ["item.attributes.colour not in ['blue']", false, false],
    ["item.brand in user.likes", true, false],
    ["lower(item.title) contains 'mug'", true, false],
    ["length(item.tags) = 2", true, false],
    ["days_since(item.created_at) = 10", true, false],
    ["exists(item.price)", true, false],
    ["not exists(item.price) or item.price > 10", true, true],
    ["item.attributes.vegan", true, false],
    ["item.price / 0 > 1", false, false],
    ["user.tier = 'gold' and item.available", true, true],
    ["context.country = 'FR' or item.price = 12", true, false],
    ["context.country = 'FR' and item.price = 12", false, false],
    ["history.count = 2 and history.count.purchase = 1", true, true],
    ["days_since(history.last.purchase) = 3", true, true],
    ["exists(history.last.rating)", false, false],
    ["item.created_at < now", true, false],
  ])("%s is %s of the mug and %s of a bare item", (text, ofMug, ofBare) => {
    expect([holds(text, MUG), holds(text, BARE)]).toEqual([ofMug, ofBare]);
  });
});

describe("an amount", () => {
  it.each([
    ["item.attributes.margin * 2 + 1", 1.8, 0],
    ["when(item.attributes.vegan, 0.5, -0.5)", 0.5, -0.5],
    ["max(0, min(1, item.price / 24))", 0.5, 0],
    ["-item.price", -12, 0],
  ])(
    "%s is %s of the mug and %s where values are missing",
    (text, mug, bare) => {
      const amount = bindAmount(read(text, "amount"), FACTS);
      expect([amount(MUG), amount(BARE)]).toEqual([mug, bare]);
    },
  );
});
