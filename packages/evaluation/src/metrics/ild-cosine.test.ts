import { expect, test } from "vitest";
import { ildCosine } from "./ild-cosine.ts";

const facts = {
  catalogue: [],
  trainCounts: new Map(),
  nUsers: 1,
  vectors: new Map([
    ["east", [2, 0]],
    ["north", [0, 5]],
    ["west", [-1, 0]],
    ["zero", [0, 0]],
  ]),
};

test("averages 1 - cosine over pairs: east-north 1, east-west 2, north-west 1", () => {
  expect(
    ildCosine.score({ items: ["east", "north", "west"] }, facts, 10),
  ).toBeCloseTo(4 / 3, 12);
});

test("takes zero and absent vectors as similar to nothing", () => {
  expect(ildCosine.score({ items: ["east", "zero"] }, facts, 10)).toBe(1);
  expect(ildCosine.score({ items: ["east", "unknown"] }, facts, 10)).toBe(1);
});
