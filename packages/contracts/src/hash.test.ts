import fc from "fast-check";
import { expect, test } from "vitest";
import { hash64, hashHex, hashUnit, seededRandom } from "./hash.ts";

test("draws the published first values of mulberry32 for seed 42", () => {
  const random = seededRandom(42);
  expect([random(), random(), random()]).toEqual([
    0.6011037519201636, 0.44829055899754167, 0.8524657934904099,
  ]);
});

test("gives the same value for ever, because buckets are stored", () => {
  expect([hashHex(""), hashHex("a"), hashHex("user-1")]).toEqual([
    "ab3e7c0b981a078c",
    "2a68181918cbc73a",
    "d40a5c91fa2a19b3",
  ]);
});

test("stays in [0, 1) for any text", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const unit = hashUnit(text);
      return unit >= 0 && unit < 1;
    }),
  );
});

test("spreads consecutive ids evenly over a hundred buckets", () => {
  const counts = new Array<number>(100).fill(0);
  const n = 100_000;
  for (let i = 0; i < n; i++) {
    const bucket = Math.floor(hashUnit(`experiment:user-${i}`) * 100);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  const expected = n / 100;
  const chiSquare = counts.reduce(
    (sum, count) => sum + (count - expected) ** 2 / expected,
    0,
  );
  // 99 degrees of freedom: 161 is beyond the 0.9999 quantile.
  expect(chiSquare).toBeLessThan(161);
});

test("has no collision among a million ids", () => {
  const seen = new Set<bigint>();
  for (let i = 0; i < 1_000_000; i++) {
    const [high, low] = hash64(`item-${i}`);
    seen.add((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0));
  }
  expect(seen.size).toBe(1_000_000);
});
