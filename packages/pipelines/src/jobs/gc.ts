import { collectGarbage } from "../manifests/collect-garbage.ts";
import type { Job } from "./job.ts";

export const gc: Job = {
  name: "gc",
  description:
    "Removes objects that no kept manifest names and that have been unnamed for the grace period.",
  inputs: ["manifest"],
  outputs: ["objects"],
  owner: "recommendations",
  objectiveHours: 168,
  run: async (run) => {
    const result = await collectGarbage({
      ...run,
      now: run.asOf,
    });
    return {
      result: result.removed.length === 0 ? "nothing-to-do" : "done",
      facts: {
        kept: result.kept,
        waiting: result.waiting,
        removed: result.removed.length,
        bytes_freed: result.bytesFreed,
      },
    };
  },
};
