import { signalJob } from "./signal-job.ts";

export const content = signalJob({
  name: "content",
  description: "Items that read alike, from texts, tags and categories.",
  owner: "recommendations",
  objectiveHours: 48,
});
