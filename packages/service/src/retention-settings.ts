import { numberSetting } from "./settings.ts";

/** For how long the worker keeps what. */
export const RETENTION_SETTINGS = {
  replayDays: numberSetting({
    name: "RECSYS_REPLAY_DAYS",
    default: 14,
    minimum: 1,
    maximum: 3650,
    unit: "days",
    description:
      "for how long every version that a decision names is kept, so that it can be replayed exactly",
  }),
  decisionDays: numberSetting({
    name: "RECSYS_DECISION_DAYS",
    default: 90,
    minimum: 1,
    maximum: 3650,
    whole: true,
    unit: "days",
    description:
      "for how long logged decisions are kept, and the catalogue as each of them saw it; at least RECSYS_REPLAY_DAYS",
  }),
  feedbackDays: numberSetting({
    name: "RECSYS_FEEDBACK_DAYS",
    default: 365,
    minimum: 1,
    maximum: 3650,
    whole: true,
    unit: "days",
    description: "for how long exposures and outcomes are kept from receipt",
  }),
  eventDays: numberSetting({
    name: "RECSYS_EVENT_DAYS",
    default: 730,
    minimum: 1,
    maximum: 36500,
    whole: true,
    unit: "days",
    description:
      "for how long events are kept from receipt; later runs no longer learn from those that went",
  }),
} as const;
