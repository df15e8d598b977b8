import { signalJob } from "./signal-job.ts";

export const ials = signalJob({
  name: "ials",
  description:
    "Factors of items that place a user by the newest events (implicit ALS).",
  owner: "recommendations",
  objectiveHours: 48,
});
