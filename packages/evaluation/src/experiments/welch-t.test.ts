import { expect, test } from "vitest";
import { valueOf } from "../computed.ts";
import { momentsOf } from "./sample-moments.ts";
import { drawsOf, shareOf } from "../../test/simulate.ts";
import { welchTest } from "./welch-t.ts";

const SEED = 20261121;
const welch = (a: readonly number[], b: readonly number[]) =>
  welchTest(momentsOf(a), momentsOf(b), 0.05);

test("1, 2, 3 against 3, 5, 7: difference 3, t = 3 / √(5/3), 2.94 degrees of freedom", () => {
  const result = welch([1, 2, 3], [3, 5, 7]);
  expect(valueOf(result.difference)).toBe(3);
  expect(valueOf(result.t)).toBeCloseTo(3 / Math.sqrt(5 / 3), 12);
  expect(valueOf(result.df)).toBeCloseTo(2.941176470588235, 12);
});

test("two constant groups have a difference and no test", () => {
  const result = welch([1, 1], [2, 2]);
  expect(valueOf(result.difference)).toBe(1);
  expect(result.pTwoSided).toEqual({
    kind: "not-computable",
    because: "both groups are constant",
  });
  expect(result.interval.kind).toBe("not-computable");
});

test("one value per group, and none, are not computable", () => {
  expect(welch([1], [2, 3]).standardError.kind).toBe("not-computable");
  expect(welch([], [2, 3]).difference.kind).toBe("not-computable");
});

test("does not change when all values are shifted by a billion", () => {
  const [a, b] = [drawsOf(1).normals(20), drawsOf(2).normals(30, 0.5)];
  const shift = (values: readonly number[]) => values.map((v) => v + 2 ** 30);
  const t = valueOf(welch(a, b).t);
  expect(valueOf(welch(shift(a), shift(b)).t)).toBeCloseTo(t, 6);
  expect(valueOf(welch(b, a).t)).toBe(-t);
});

test(`covers the true difference 95 % of the time with unequal variances (seed ${SEED})`, () => {
  const { normals } = drawsOf(SEED);
  const covered = shareOf(1000, () => {
    const { interval } = welch(normals(8, 1, 1), normals(25, 2, 5));
    return (
      interval.kind === "interval" && interval.low < 1 && interval.high > 1
    );
  });
  expect(Math.abs(covered - 0.95)).toBeLessThan(0.022);
});
