import { signalJob } from "./signal-job.ts";

export const itemRates = signalJob({
  name: "item-rates",
  description:
    "How often an item that is shown is clicked, bought, hidden or returned, and its share of what is shown.",
  owner: "recommendations",
  objectiveHours: 24,
});
