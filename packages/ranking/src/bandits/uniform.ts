import type { BanditPolicy } from "./policy.ts";

/** Every arm alike: the yardstick that others are compared with, and the safest data for off-policy evaluation. */
export const uniform: BanditPolicy = {
  kind: "uniform",
  description: "Every arm with the same probability; learns nothing.",
  chances: ({ arms }) => ({
    of: arms.map(() => 1 / arms.length),
    method: "exact",
  }),
};
