import { expect, test } from "vitest";
import { valueOf } from "../computed.ts";
import { mannWhitney } from "./mann-whitney.ts";
import { drawsOf, shareOf } from "../../test/simulate.ts";

test("1, 2 against 2, 3: u = 3.5 with half a tie", () => {
  const result = mannWhitney([1, 2], [2, 3]);
  expect(result.uB).toBe(3.5);
  expect(valueOf(result.probabilityBGreater)).toBe(0.875);
});

test("equal values everywhere are no test", () => {
  const result = mannWhitney([4, 4], [4]);
  expect(valueOf(result.probabilityBGreater)).toBe(0.5);
  expect(result.pTwoSided.kind).toBe("not-computable");
  expect(mannWhitney([], [1]).probabilityBGreater.kind).toBe("not-computable");
});

test("depends on the order of the values only", () => {
  const [a, b] = [drawsOf(1).normals(15), drawsOf(2).normals(11, 0.4)];
  const plain = mannWhitney(a, b);
  expect(mannWhitney(a.map(Math.exp), b.map(Math.exp))).toEqual(plain);
  expect(mannWhitney(b, a).uB).toBe(15 * 11 - plain.uB);
});

test("rejects about 5 % of equal groups with many ties (seed 31)", () => {
  const { uniform } = drawsOf(31);
  const stars = () =>
    Array.from({ length: 30 }, () => Math.floor(5 * uniform()));
  const rejected = shareOf(800, () => {
    return valueOf(mannWhitney(stars(), stars()).pTwoSided) < 0.05;
  });
  expect(Math.abs(rejected - 0.047)).toBeLessThan(0.024);
});
