import { SIGNAL_NAMES } from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import { JOBS } from "./index.ts";

describe.each(JOBS.map((job, place) => ({ name: job.name, job, place })))(
  "the job $name",
  ({ job, place }) => {
    it("has a description, an owner and a positive freshness objective", () => {
      expect(job.description).toMatch(/^[A-Z].*\.$/s);
      expect(job.owner).not.toBe("");
      expect(job.objectiveHours).toBeGreaterThan(0);
    });

    it("makes something, from what earlier jobs made", () => {
      expect(job.outputs).not.toEqual([]);
      const made = JOBS.slice(0, place).flatMap(({ outputs }) => outputs);
      expect(job.inputs.filter((input) => !made.includes(input))).toEqual([]);
    });
  },
);

describe("the registry of jobs", () => {
  it("names each job once and has one for every signal", () => {
    const names = JOBS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(SIGNAL_NAMES.filter((name) => !names.includes(name))).toEqual([]);
  });
});
