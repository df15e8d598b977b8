import { plainKernels } from "@recsys/kernels";
import { expect, test } from "vitest";
import { content } from "./content.ts";
import type { ItemText } from "./signal.ts";
import { terms, words } from "./tokens.ts";

const context = { asOf: 0, kernels: plainKernels };

function item(id: string, title: string): ItemText {
  return { item_id: id, title, tags: [], category: [] };
}

test("words are lower case, without marks, split at what is no letter or digit", () => {
  expect(words("CAFÉ au-lait, 3D ﬁgure & Straße I")).toEqual([
    "cafe",
    "au",
    "lait",
    "3d",
    "figure",
    "straße",
  ]);
  expect(words("日本 茶碗")).toEqual(["日本", "茶碗"]);
});

test("tags, brand and category steps are terms of their own", () => {
  const counted = terms({
    item_id: "x",
    title: "Tea",
    description: "tea pot",
    tags: ["gift"],
    brand: "Tea",
    category: ["home", "kitchen"],
  });
  expect([...counted]).toEqual([
    ["tea", 4],
    ["pot", 1],
    ["tag:gift", 2],
    ["brand:Tea", 2],
    ["category:home", 2],
    ["category:home/kitchen", 2],
  ]);
});

test("the score is the cosine of tf-idf vectors", () => {
  const model = content.compute(
    [item("a", "red tea"), item("b", "red cup"), item("c", "blue pot")],
    {},
    context,
  );
  // Each title word counts (1 + ln 3) alike, so it cancels: red ln 2.5, others ln 4.
  const red = Math.log(2.5) ** 2;
  const other = Math.log(4) ** 2;
  expect([...model.rows.offsets]).toEqual([0, 1, 2, 2]);
  expect([...model.rows.positions]).toEqual([1, 0]);
  expect(model.rows.scores[0]).toBeCloseTo(red / (red + other), 6);
});

test("a term of too many items brings no candidates", () => {
  const items = ["a", "b", "c"].map((id) => item(id, "same"));
  expect(content.compute(items, {}, context).rows.positions.length).toBe(6);
  const few = { max_items_per_term: 2 };
  expect(content.compute(items, few, context).rows.positions.length).toBe(0);
});

test("of two rows with one id the later counts, and items without text are alone", () => {
  const model = content.compute(
    [item("a", "red"), item("b", "blue"), item("a", "blue"), item("c", "")],
    {},
    context,
  );
  expect(model.ids).toEqual(["a", "b", "c"]);
  expect([...model.rows.positions]).toEqual([1, 0]);
});
