import { expect, test } from "vitest";
import { rankByScore } from "./rank-by-score.ts";

test("sinks NaN and infinite scores below every real one", () => {
  const scores = new Map([
    ["nan", NaN],
    ["infinite", Infinity],
    ["worst", -1e300],
    ["best", 2],
  ]);
  expect(rankByScore(scores)).toEqual(["best", "worst", "infinite", "nan"]);
});
