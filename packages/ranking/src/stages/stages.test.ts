import { describe, expect, it } from "vitest";
import { FILTERS } from "../eligibility/index.ts";
import { STAGES } from "../pipeline.ts";
import { stageContract } from "./stages.contract.ts";

for (const stage of STAGES) stageContract(stage);

describe("the pipeline", () => {
  it("has the stages of the design in their order", () => {
    expect(STAGES.map(({ name }) => name)).toEqual([
      "sources",
      "merge",
      "eligibility",
      "score",
      "rules",
      "diversity",
      "slots",
      "backfill",
      "explain",
    ]);
  });

  it("has no filter twice", () => {
    const reasons = FILTERS.map(({ reason }) => reason);
    expect(new Set(reasons).size).toBe(reasons.length);
  });
});
