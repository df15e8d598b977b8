import { describe, expect, test } from "vitest";
import { valueOf } from "../computed.ts";
import { checkAa, splitAtRandom } from "./a-a-check.ts";
import { judgeClaim, type Claim } from "./margins.ts";
import { noveltyEffect } from "./novelty-effect.ts";
import { drawsOf } from "../../test/simulate.ts";

describe("claims", () => {
  const superior: Claim = { kind: "superiority", margin: 0 };
  const notWorse: Claim = { kind: "non-inferiority", margin: 0.1 };
  const same: Claim = { kind: "equivalence", margin: 0.1 };
  test.each<readonly [Claim, number, number, string]>([
    [superior, 0.01, 0.2, "shown"],
    [superior, -0.01, 0.2, "undecided"],
    [superior, -0.2, -0.01, "refuted"],
    [superior, -0.2, 0, "refuted"],
    [notWorse, -0.09, 0.01, "shown"],
    [notWorse, -0.11, 0.2, "undecided"],
    [notWorse, -0.3, -0.1, "refuted"],
    [same, -0.05, 0.05, "shown"],
    [same, -0.05, 0.15, "undecided"],
    [same, 0.1, 0.3, "refuted"],
  ])("%j with %d to %d is %s", (...[claim, low, high, verdict]) => {
    const interval = { kind: "interval", low, high } as const;
    expect(judgeClaim(interval, claim).verdict).toBe(verdict);
    const mirrored = { kind: "interval", low: -high, high: -low } as const;
    expect(judgeClaim(mirrored, claim, "lower").verdict).toBe(verdict);
  });

  test("what cannot be computed decides nothing and says why", () => {
    const none = { kind: "not-computable", because: "no users" } as const;
    expect(judgeClaim(none, superior)).toEqual({
      verdict: "undecided",
      because: "no users",
    });
    expect(() =>
      judgeClaim(none, { kind: "superiority", margin: -1 }),
    ).toThrow();
  });
});

describe("novelty", () => {
  const effects = (...values: number[]) =>
    values.map((difference, age) => ({ age, difference, standardError: 1 }));

  test("effects 3, 2, 1 with errors 1 fall by 1 ± 1/√2 a day", () => {
    const result = noveltyEffect(effects(3, 2, 1), 0.05);
    expect(valueOf(result.slope)).toBeCloseTo(-1, 12);
    expect(valueOf(result.standardError)).toBeCloseTo(Math.SQRT1_2, 12);
    expect(result.finding).toBe("steady");
  });

  test("a sure fall is novelty, a sure rise learning, also below 0", () => {
    expect(noveltyEffect(effects(30, 20, 10), 0.05).finding).toBe("novelty");
    expect(noveltyEffect(effects(10, 20, 30), 0.05).finding).toBe("learning");
    expect(noveltyEffect(effects(-30, -20, -9), 0.05).finding).toBe("novelty");
  });

  test("one age, or an effect without error, is not computable", () => {
    expect(noveltyEffect(effects(3), 0.05).finding).toBe("unknown");
    const sure = { age: 1, difference: 0, standardError: 0 };
    expect(noveltyEffect([...effects(3), sure], 0.05).slope.kind).toBe(
      "not-computable",
    );
  });
});

describe("A/A", () => {
  test("random splits of the same users are healthy (seed 9)", () => {
    const values = drawsOf(3).normals(200, 5, 2);
    const result = checkAa(splitAtRandom(values, { runs: 400, seed: 9 }), 0.05);
    expect(result.healthy).toBe(true);
    expect(result.tests).toBe(400);
  });

  test("a test that rejects 20 % is not", () => {
    const p = Array.from({ length: 200 }, (_, i) =>
      i % 5 === 0 ? 0.01 : i / 200,
    );
    expect(checkAa(p, 0.05).healthy).toBe(false);
    expect(checkAa([], 0.05).healthy).toBeNull();
  });
});
