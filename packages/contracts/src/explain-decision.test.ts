import type { DecisionRecord } from "./decision.ts";
import { describe, expect, it } from "vitest";
import { explainDecision, scoreParts } from "./explain-decision.ts";

const SOURCES = [
  { source: "a", outcome: "ok", weight: 2, offered: 1, survived: 1 },
  { source: "b", outcome: "off", weight: 0, offered: 0, survived: 0 },
  { source: "c", outcome: "ok", weight: -1, offered: 1, survived: 1 },
  { source: "d", outcome: "ok", weight: 1, offered: 1, survived: 1 },
] as const;
const FEATURES = ["price", "signal_a", "signal_b", "signal_c", "signal_d"];
const ITEM = {
  item_id: "tea",
  rank: 1,
  score: 0.75,
  reasons: [],
  features: [3, 0.25, null, 0.5, 0],
  rule: { id: "r1", amount: 0.75 },
  propensity: 1,
};

describe("the parts of a score", () => {
  it("are weight × signal of the sources that scored, then the rule", () => {
    expect(
      scoreParts(ITEM, { sources: [...SOURCES], features: FEATURES }),
    ).toEqual([
      { part: "a", raw: 0.25, weight: 2, contribution: 0.5 },
      { part: "c", raw: 0.5, weight: -1, contribution: -0.5 },
      { part: "rule:r1", raw: 1, weight: 0.75, contribution: 0.75 },
    ]);
  });
});

describe("a decision as people read it", () => {
  const record = {
    sources: [...SOURCES],
    features: FEATURES,
    slate: [ITEM],
    sample: {
      removed: [],
      candidates: [{ item_id: "mug", score: 0, features: [null, 1] }],
    },
  } as unknown as { -readonly [K in keyof DecisionRecord]: DecisionRecord[K] };

  it("names every feature, and those that were not recorded are missing", () => {
    const { slate, sample } = explainDecision(record);
    expect(slate[0]?.features).toEqual({
      price: 3,
      signal_a: 0.25,
      signal_b: null,
      signal_c: 0.5,
      signal_d: 0,
    });
    expect(slate[0]?.parts).toHaveLength(3);
    expect(sample?.candidates[0]?.features).toEqual({
      price: null,
      signal_a: 1,
      signal_b: null,
      signal_c: null,
      signal_d: null,
    });
  });

  it("has no sample where none was recorded", () => {
    const core = { ...record };
    delete core.sample;
    expect(explainDecision(core)).not.toHaveProperty("sample");
  });
});
