import type { Job } from "./job.ts";

export const catalogue: Job = {
  name: "catalogue",
  description:
    "Reads the items at one revision; what is learned from texts is learned from these.",
  inputs: [],
  outputs: ["items"],
  owner: "catalogue",
  objectiveHours: 24,
  run: async (run) => {
    const { items, revision, hash } = await run.catalogue();
    return {
      result: items.length === 0 ? "nothing-to-do" : "done",
      facts: { items: items.length, revision, hash },
    };
  },
};
