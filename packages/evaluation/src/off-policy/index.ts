import { dm } from "./dm.ts";
import { drClipped } from "./dr-clipped.ts";
import { drOs } from "./dr-os.ts";
import { dr } from "./dr.ts";
import type { Estimator } from "./estimator.ts";
import { ipsClipped } from "./ips-clipped.ts";
import { ips } from "./ips.ts";
import { slateIndependent } from "./slate-independent.ts";
import { slatePseudoInverse } from "./slate-pseudo-inverse.ts";
import { slateRewardInteraction } from "./slate-reward-interaction.ts";
import type { SlateEstimator } from "./slate-rows.ts";
import { slateStandard } from "./slate-standard.ts";
import { sndr } from "./sndr.ts";
import { snips } from "./snips.ts";
import { switchDr } from "./switch-dr.ts";

/** Every estimator of one choice per decision. */
export const ESTIMATORS: readonly Estimator[] = [
  ips,
  snips,
  ipsClipped,
  dm,
  dr,
  sndr,
  drClipped,
  switchDr,
  drOs,
];

/** Every estimator of whole slates. */
export const SLATE_ESTIMATORS: readonly SlateEstimator[] = [
  slateStandard,
  slateIndependent,
  slateRewardInteraction,
  slatePseudoInverse,
];
