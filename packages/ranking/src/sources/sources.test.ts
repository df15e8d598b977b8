import { describe, expect, it } from "vitest";
import { sourceDefaults } from "../defaults.ts";
import { MAX_SOURCES } from "../pool.ts";
import { sourceContract } from "./sources.contract.ts";
import { SOURCES } from "./index.ts";

for (const source of SOURCES) sourceContract(source);

describe("the list of sources", () => {
  it("has no name and no reason code twice", () => {
    const names = SOURCES.map(({ name }) => name);
    const codes = SOURCES.flatMap(({ reasons }) => Object.keys(reasons));
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(codes).size).toBe(codes.length);
    expect(names.length).toBeLessThanOrEqual(MAX_SOURCES);
  });

  it("starts a source without an entry in the defaults with weight 0", () => {
    expect(sourceDefaults("brand_new")).toEqual({ weight: 0, quota: 100 });
  });
});
