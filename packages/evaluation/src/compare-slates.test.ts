import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareSlates } from "./compare-slates.ts";

describe("two slates", () => {
  test("that are equal overlap fully and agree in order", () => {
    expect(compareSlates(["a", "b", "c"], ["a", "b", "c"])).toEqual({
      identical: true,
      overlap: { kind: "number", value: 1 },
      kendallTau: { kind: "number", value: 1 },
      gained: [],
      lost: [],
      moved: [],
    });
  });

  test("share 3 of 4 and swap one of three pairs: tau (2 - 1) / 3", () => {
    const change = compareSlates(["a", "b", "c", "d"], ["b", "a", "c", "e"]);
    expect(change.overlap).toEqual({ kind: "number", value: 0.75 });
    expect(change.kendallTau).toEqual({ kind: "number", value: 1 / 3 });
    expect(change.gained).toEqual([{ itemId: "e", to: 4 }]);
    expect(change.lost).toEqual([{ itemId: "d", from: 4 }]);
    expect(change.moved).toEqual([
      { itemId: "a", from: 1, to: 2 },
      { itemId: "b", from: 2, to: 1 },
    ]);
  });

  test("of different lengths are measured by the longer one", () => {
    expect(compareSlates(["a"], ["a", "b"]).overlap).toEqual({
      kind: "number",
      value: 0.5,
    });
  });

  test("that are both empty are identical, with nothing to measure", () => {
    const change = compareSlates([], []);
    expect(change.identical).toBe(true);
    expect(change.overlap.kind).toBe("not-computable");
  });

  test("with one shared item have no order to compare", () => {
    expect(compareSlates(["a", "b"], ["a", "c"]).kendallTau).toEqual({
      kind: "not-computable",
      because: "fewer than two items are in both slates",
    });
  });
});

const slate = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f"));

test("what the old slate has is lost or shared, what the new one has is gained or shared", () => {
  fc.assert(
    fc.property(slate, slate, (a, b) => {
      const { gained, lost, overlap } = compareSlates(a, b);
      const shared = a.length - lost.length;
      expect(b.length - gained.length).toBe(shared);
      if (overlap.kind === "number") {
        expect(overlap.value).toBe(shared / Math.max(a.length, b.length));
      }
    }),
  );
});

test("comparing the other way round swaps gained and lost and keeps both measures", () => {
  fc.assert(
    fc.property(slate, slate, (a, b) => {
      const there = compareSlates(a, b);
      const back = compareSlates(b, a);
      expect(back.overlap).toEqual(there.overlap);
      expect(back.kendallTau).toEqual(there.kendallTau);
      expect(back.gained.map((x) => x.itemId)).toEqual(
        there.lost.map((x) => x.itemId),
      );
    }),
  );
});

test("a reversed slate has tau -1", () => {
  fc.assert(
    fc.property(slate, (a) => {
      const { kendallTau } = compareSlates(a, a.toReversed());
      if (a.length < 2) expect(kendallTau.kind).toBe("not-computable");
      else expect(kendallTau).toEqual({ kind: "number", value: -1 });
    }),
  );
});
