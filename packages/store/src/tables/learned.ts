import { dropTrials, takeMatured, waitingTrials } from "./bandit-trials.ts";
import { totalDraws } from "./draws.ts";
import {
  compactPosteriors,
  loadPosteriors,
  lockPosteriors,
  posteriorsVersion,
  resetBandit,
  saveArms,
} from "./posteriors.ts";

/** What bandits and exploration slots learn, and the draws that they learn from. */
export const learned = {
  compact: compactPosteriors,
  dropTrials,
  load: loadPosteriors,
  lock: lockPosteriors,
  reset: resetBandit,
  saveArms,
  takeMatured,
  totalDraws,
  version: posteriorsVersion,
  waitingTrials,
} as const;
