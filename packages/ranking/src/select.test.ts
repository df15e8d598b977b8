import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keepLargest, nthLargest } from "./select.ts";

describe("nthLargest", () => {
  it("finds what sorting would put there", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1 }),
        fc.nat(),
        (numbers, seed) => {
          const n = (seed % numbers.length) + 1;
          const sorted = [...numbers].sort((a, b) => b - a);
          const found = nthLargest(
            Float64Array.from(numbers),
            numbers.length,
            n,
          );
          expect(found).toBe(sorted[n - 1]);
        },
      ),
    );
  });
});

describe("keepLargest", () => {
  const choose = (values: number[], limit: number, ids: string[]) => {
    const positions = Int32Array.from(values.keys());
    const list = {
      positions,
      values: Float64Array.from(values),
      room: new Float64Array(values.length),
    };
    const kept = keepLargest(list, values.length, { limit, ids });
    return Array.from(positions.subarray(0, kept), (p) => ids[p]).sort();
  };

  it("gives a tie at the cut to the smaller id", () => {
    expect(choose([1, 2, 1, 1], 2, ["d", "z", "c", "b"])).toEqual(["b", "z"]);
  });

  it("keeps everything below the limit and nothing at limit 0", () => {
    expect(choose([1, 2], 5, ["a", "b"])).toEqual(["a", "b"]);
    expect(choose([1, 2], 0, ["a", "b"])).toEqual([]);
  });

  it("keeps what sorting by value and id would keep", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1 }),
        fc.nat({ max: 12 }),
        (values, limit) => {
          const ids = values.map((_, i) => `id-${(i * 7919) % 1000}-${i}`);
          const expected = values
            .map((value, i) => ({ value, id: ids[i] ?? "" }))
            .sort((a, b) => b.value - a.value || (a.id < b.id ? -1 : 1))
            .slice(0, limit)
            .map(({ id }) => id)
            .sort();
          expect(choose(values, limit, ids)).toEqual(expected);
        },
      ),
    );
  });
});
