import { describe, expect, it } from "vitest";
import { learningCodeVersion } from "./code-version.ts";
import { checkLimit } from "./limits.ts";
import { DEFAULT_PARAMETERS, resolvePipelineParameters } from "./parameters.ts";

describe("pipeline parameters", () => {
  it("keep what a section does not override", () => {
    const resolved = resolvePipelineParameters({ fallback: { length: 7 } });
    expect(resolved.fallback).toEqual({
      ...DEFAULT_PARAMETERS.fallback,
      length: 7,
    });
  });

  it("refuse unknown sections, fields and signals, all at once", () => {
    const wrong = {
      colour: "red",
      fallback: { lenght: 3 },
      signals: { nonsense: { a: 1 } },
    };
    const refuse = () => resolvePipelineParameters(wrong as object);
    expect(refuse).toThrow("/fallback/lenght");
    expect(refuse).toThrow("/signals/nonsense");
    expect(refuse).toThrow("/colour");
  });

  it("exceeding a limit names the limit and both numbers", () => {
    const limits = { ...DEFAULT_PARAMETERS.limits, events: 10 };
    checkLimit(limits, "events", 10);
    expect(() => {
      checkLimit(limits, "events", 11);
    }).toThrow("limits.events is 10, this run has 11");
  });
});

describe("the version of the learning code", () => {
  it("is the same each time it is asked", async () => {
    const version = await learningCodeVersion();
    expect(version).toMatch(/^[0-9a-f]{16}$/);
    expect(await learningCodeVersion()).toBe(version);
  });
});
