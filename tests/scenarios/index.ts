import { strictInclude } from "./s01-strict-include.ts";
import { hardExclude } from "./s02-hard-exclude.ts";
import { boostMonotonic } from "./s03-boost-monotonic.ts";
import { diversityBudget } from "./s04-diversity-budget.ts";
import { pin } from "./s05-pin.ts";
import { whitelist } from "./s06-whitelist.ts";
import { starterProfile } from "./s07-starter-profile.ts";
import { newItem } from "./s08-new-item.ts";
import { tradeOff } from "./s09-trade-off.ts";
import { explainability } from "./s10-explainability.ts";
import { replay } from "./s11-replay.ts";
import { freshness } from "./s15-freshness.ts";
import { whyNot } from "./x01-why-not.ts";
import type { Scenario } from "./scenario.ts";

/** The scenarios, in the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [
  strictInclude,
  hardExclude,
  boostMonotonic,
  diversityBudget,
  pin,
  whitelist,
  starterProfile,
  newItem,
  tradeOff,
  explainability,
  replay,
  freshness,
  whyNot,
];
