import { expect, test } from "vitest";
import { EventInput } from "./event.ts";
import { ItemInput } from "./item.ts";
import { RecommendRequest } from "./recommend.ts";
import { ConfigDocument, DEFAULT_CONFIG } from "./config-document.ts";
import { validator } from "./validate.ts";

const checkItem = validator(ItemInput);

test("accepts an item that clears a field", () => {
  expect(checkItem({ item_id: "a", price: null })).toEqual([]);
});

test("names every bad field at once with its path", () => {
  const errors = checkItem({ item_id: "", price: "3", colour: "red" });
  expect(errors.map(({ path, code }) => [path, code]).sort()).toEqual([
    ["/colour", "unknown_field"],
    ["/item_id", "minLength"],
    ["/price", "type"],
  ]);
});

test("names a missing field by its own path", () => {
  expect(validator(EventInput)({ type: "view" })).toEqual([
    { path: "/item_id", code: "required", message: "is required" },
  ]);
});

test.each(["a\u0000b", "x".repeat(257), ""])("refuses the id %j", (item_id) => {
  expect(checkItem({ item_id })).not.toEqual([]);
});

test.each(["ü/☃ %2F", "a b", "\u{1F600}", "__proto__"])(
  "takes the odd but legal id %j",
  (item_id) => {
    expect(checkItem({ item_id })).toEqual([]);
  },
);

test("escapes odd field names in paths as JSON pointers do", () => {
  const errors = validator(RecommendRequest)({ surface: "home", "a/b~c": 1 });
  expect(errors[0]?.path).toBe("/a~1b~0c");
});

test("ships a default configuration that its own schema accepts", () => {
  expect(validator(ConfigDocument)(DEFAULT_CONFIG)).toEqual([]);
});

test("checks segment rules at any depth", () => {
  const segments = [
    {
      name: "loyal",
      owner: "crm",
      knobs: {},
      rule: { all: [{ not: { field: "traits.vip", op: "nearly" } }] },
    },
  ];
  const errors = validator(ConfigDocument)({ ...DEFAULT_CONFIG, segments });
  expect(errors.map((error) => error.path)[0]).toMatch("/segments/0/rule");
});

test.each([1, 7, 8, 9, 1000])(
  "refuses a bad field that hides among %i unknown ones",
  (count) => {
    const unknown = Object.fromEntries(
      Array.from({ length: count }, (_, n) => [`zz${n}`, 1]),
    );
    expect(checkItem({ ...unknown, item_id: "a", price: "x" })).not.toEqual([]);
    expect(checkItem({ ...unknown, item_id: "a" })[0]).toMatchObject({
      path: "/zz0",
      code: "unknown_field",
    });
  },
);

test("refuses a crowd of members without walking it field by field", () => {
  const crowd = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, n) => [`zz${n}`, 1]),
  );
  expect(checkItem({ item_id: "a", attributes: crowd })).toEqual([
    {
      path: "/attributes",
      code: "too_many",
      message: "has more than 10000 members",
    },
  ]);
});
