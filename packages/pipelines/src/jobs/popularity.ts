import { signalJob } from "./signal-job.ts";

export const popularity = signalJob({
  name: "popularity",
  description:
    "Most chosen items, everywhere and by country, newer choices counting more.",
  owner: "recommendations",
  objectiveHours: 24,
});
