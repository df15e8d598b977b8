import { signalJob } from "./signal-job.ts";

export const coVisits = signalJob({
  name: "co-visits",
  description: "Items that the same people turn to close in time.",
  owner: "recommendations",
  objectiveHours: 24,
});
