import { describe, expect, it } from "vitest";
import {
  event,
  idsOf,
  item,
  lists,
  only,
  rankIn,
  shop,
  user,
} from "../test/shop.ts";
import { createCalibration, divergenceOf, tasteOf } from "./calibration.ts";

describe("the divergence of a list from a taste", () => {
  const taste = new Map([
    [1, 0.75],
    [2, 0.25],
  ]);

  it("is the Kullback-Leibler divergence by hand, with a hundredth of the taste mixed in", () => {
    // q = (1/2, 1/2): q̃ = (0.99·0.5 + 0.01·0.75, 0.99·0.5 + 0.01·0.25).
    const byHand =
      0.75 * Math.log(0.75 / 0.5025) + 0.25 * Math.log(0.25 / 0.4975);
    expect(divergenceOf(taste, [1, 2])).toBeCloseTo(byHand, 12);
    expect(divergenceOf(taste, [1, 1, 2, 1])).toBeCloseTo(0, 12);
    // Nothing of the taste: q̃ = p / 100.
    expect(divergenceOf(taste, [3, 0])).toBeCloseTo(Math.log(100), 12);
    expect(divergenceOf(taste, [])).toBe(null);
  });

  it("is foretold for one more item of each category", () => {
    const calibration = createCalibration(taste);
    const list: number[] = [];
    for (const next of [1, 3, 2, 1, 0, 1]) {
      for (const category of [0, 1, 2, 3]) {
        expect(calibration.with(category)).toBeCloseTo(
          divergenceOf(taste, [...list, category]) ?? NaN,
          12,
        );
      }
      calibration.add(next);
      list.push(next);
    }
  });

  it("is that of what the person likes: dislikes and items without a category say nothing", () => {
    const anchor = (position: number, weight: number) => ({
      position,
      weight,
      evidence: weight,
      event: null,
    });
    const category = Int32Array.of(1, 1, 2, 0, 3);
    const liked = [anchor(0, 2), anchor(1, 1), anchor(2, 1)];
    const rest = [anchor(3, 5), anchor(4, -1)];
    expect(tasteOf([...liked, ...rest], category)).toEqual(taste);
    expect(tasteOf(rest, category)).toBe(null);
    expect(tasteOf([], category)).toBe(null);
  });
});

describe("diversity.calibration", () => {
  /** Three of four purchases were tea; the popular items are mugs. */
  const items = [
    ...["m1", "m2", "m3", "m4", "m0"].map((id) =>
      item(id, { category: ["mugs"] }),
    ),
    ...["t1", "t2", "t3", "t4", "h1", "h2", "h3"].map((id) =>
      item(id, { category: ["tea"] }),
    ),
  ];
  const snapshot = shop({
    items,
    signals: {
      popularity: lists({
        "": {
          m1: 1,
          m2: 0.95,
          m3: 0.9,
          m4: 0.85,
          t1: 0.8,
          t2: 0.75,
          t3: 0.7,
          t4: 0.65,
        },
      }),
    },
    tenantKnobs: only({ popularity: 1 }),
  });
  const userState = user(["h1", "h2", "h3", "m0"].map((id) => event(id)));
  const ranked = (strength: number, more = {}) =>
    rankIn(
      snapshot,
      { k: 4, requestKnobs: { "diversity.calibration": strength } },
      { userState, ...more },
    );

  it("moves the list towards what the person likes, and says how far it is", () => {
    expect(idsOf(ranked(0))).toEqual(["m1", "m2", "m3", "m4"]);
    expect(idsOf(ranked(0.7)).sort()).toEqual(["m1", "t1", "t2", "t3"]);
    expect(idsOf(ranked(1))[0]).toBe("t1");
    const far = [0, 0.3, 0.7].map(
      (strength) => ranked(strength).diversity.calibration_kl ?? NaN,
    );
    expect(far[0]).toBeCloseTo(
      0.75 * Math.log(100) + 0.25 * Math.log(0.25 / 0.9925),
      10,
    );
    expect(far[2]).toBeCloseTo(0, 10);
    expect(far[1]).toBeLessThan(far[0] ?? 0);
  });

  it("does nothing for somebody of whom nothing is known", () => {
    const result = ranked(0.5, { userState: user() });
    expect(idsOf(result)).toEqual(["m1", "m2", "m3", "m4"]);
    expect(result.diversity.calibration_kl).toBe(null);
  });
});
