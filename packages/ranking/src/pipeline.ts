import { backfill } from "./stages/backfill.ts";
import { diversity } from "./stages/diversity.ts";
import { eligibility } from "./stages/eligibility.ts";
import { explain } from "./stages/explain.ts";
import { merge } from "./stages/merge.ts";
import { rules } from "./stages/rules.ts";
import { score } from "./stages/score.ts";
import { slots } from "./stages/slots.ts";
import { sources } from "./stages/sources.ts";
import type { Stage } from "./work.ts";

/** From a request to a list, step by step. */
export const STAGES: readonly Stage[] = [
  sources,
  merge,
  eligibility,
  score,
  rules,
  diversity,
  slots,
  backfill,
  explain,
];
