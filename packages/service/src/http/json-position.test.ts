import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { malformedAt } from "./json-position.ts";

describe("malformedAt", () => {
  it.each([
    ["", 0],
    ["[1, 2", 5],
    ['{"a":1,}', 7],
    ['{"a" 1}', 5],
    ["{a:1}", 1],
    ["[1 2]", 3],
    ["[1,]", 3],
    ["tru", 0],
    ['"a\nb"', 2],
    [String.raw`"\x"`, 1],
    ["[1]]", 3],
    ["01", 1],
    ["}", 0],
    ['{"a":[{"b":nul}]}', 11],
  ])("finds the first wrong character of %j at %i", (text, at) => {
    expect(malformedAt(text)).toBe(at);
  });

  it("finds nothing wrong within a good text, whole or cut short", () => {
    fc.assert(
      fc.property(fc.json(), (text) => malformedAt(text) === text.length),
    );
  });
});
