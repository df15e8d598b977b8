import { ApiError, type QualityCheck } from "@recsys/contracts";
import { checkQuality } from "../quality/check-quality.ts";
import type { Job } from "./job.ts";

export const validate: Job = {
  name: "validate",
  description:
    "Checks the events for nulls, unknown items and types, duplicates, future times and lost volume; a failed check stops the run.",
  inputs: ["events", "items"],
  outputs: ["quality"],
  owner: "data-platform",
  objectiveHours: 24,
  run: async (run) => {
    const checks = await checkQuality(run);
    const failed = checks.filter(({ outcome }) => outcome === "fail");
    if (failed.length > 0) {
      throw new ApiError("QUALITY_FAILED", { detail: describe(failed) });
    }
    const warnings = checks.filter(({ outcome }) => outcome === "warn");
    return {
      result: "done",
      facts: {
        checks: checks.map(({ name, outcome, count }) => ({
          name,
          outcome,
          count,
        })),
        warnings: warnings.map(({ detail }) => detail),
      },
    };
  },
};

function describe(checks: readonly QualityCheck[]): string {
  return checks.map(({ name, detail }) => `${name}: ${detail}`).join("; ");
}
