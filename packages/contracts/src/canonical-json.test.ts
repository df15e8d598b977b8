import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

test("sorts keys by code units at every depth and leaves undefined out", () => {
  expect(canonicalJson({ b: 1, B: [{ z: 1, a: undefined, Z: 2 }] })).toBe(
    '{"B":[{"Z":2,"z":1}],"b":1}',
  );
});

test("refuses numbers that JSON cannot hold", () => {
  expect(() => canonicalJson({ a: [Number.NaN] })).toThrow("not a JSON number");
});

test("gives equal text for equal values, whatever the order of their keys", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse());
      return canonicalJson(value) === canonicalJson(reversed);
    }),
  );
});
