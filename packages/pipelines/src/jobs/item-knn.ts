import { signalJob } from "./signal-job.ts";

export const itemKnn = signalJob({
  name: "item-knn",
  description: "Items that the same people choose, by cosine.",
  owner: "recommendations",
  objectiveHours: 48,
});
