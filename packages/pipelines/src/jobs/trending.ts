import { signalJob } from "./signal-job.ts";

export const trending = signalJob({
  name: "trending",
  description: "Items that gain fastest.",
  owner: "recommendations",
  objectiveHours: 24,
});
