import { BANDIT_KINDS } from "@recsys/contracts";
import type { Source } from "../source.ts";

/** Items that had no chance yet: the stage `slots` gives some of them a place. */
export const exploration: Source<never> = {
  name: "exploration",
  description:
    "Items on trial: new ones, and those that nobody has chosen yet, in turn. Offers where `slots.exploration` asks for them, without weight too.",
  needs: [],
  personal: "never",
  isAsked: (knobs) => knobs.number("slots.exploration") > 0,
  knobs: [
    {
      name: "exploration.policy",
      description:
        "How a place for an item on trial is given: by Thompson sampling, by an upper confidence bound (without or with the features of the section `exploration`), or at random.",
      kind: "choice",
      default: "thompson",
      choices: BANDIT_KINDS,
    },
    {
      name: "exploration.epsilon",
      description:
        "Share of these choices that are uniform over all that might have been chosen.",
      kind: "number",
      default: 0.1,
      minimum: 0,
      maximum: 1,
      unit: "share",
    },
    {
      name: "exploration.first_position",
      description: "First place of the list that an item on trial may take.",
      kind: "number",
      default: 4,
      minimum: 1,
      maximum: 200,
      integer: true,
      unit: "position",
    },
    {
      name: "exploration.max_trials",
      description:
        "After so many trials on a surface an item is on trial there no longer.",
      kind: "number",
      default: 100,
      minimum: 1,
      maximum: 100000,
      integer: true,
      unit: "trials",
    },
    {
      name: "exploration.window_days",
      description:
        "How long after its creation an item is on trial even if people have chosen it.",
      kind: "number",
      default: 14,
      minimum: 0,
      maximum: 3650,
      unit: "days",
    },
  ],
  reasons: {
    exploration_new: "New in the shop",
    exploration_trial: "We are trying this",
  },
  offer({ cold, limit }) {
    if (cold === null) {
      return { outcome: "not-applicable", reason: "nothing is explored" };
    }
    return {
      outcome: "ok",
      positions: cold.take(limit),
      scoreOf: cold.need,
      reasonOf: (position) => ({
        code: cold.isNew(position) ? "exploration_new" : "exploration_trial",
      }),
    };
  },
};
