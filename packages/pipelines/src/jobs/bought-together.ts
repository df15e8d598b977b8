import { signalJob } from "./signal-job.ts";

export const boughtTogether = signalJob({
  name: "bought-together",
  description: "Items of the same baskets.",
  owner: "recommendations",
  objectiveHours: 24,
});
