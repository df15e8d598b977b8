import type { DecisionFilter } from "@recsys/store";
import type { Command } from "commander";
import { moment } from "./arguments.ts";

/** Options of commands that pick decisions. */
export interface Wanted {
  readonly surface?: string;
  readonly segment?: string;
  readonly item?: string;
  readonly degraded?: boolean;
  readonly rule?: string;
  readonly source?: string;
  readonly configVersion?: string;
  readonly rulesVersion?: string;
  readonly manifestVersion?: string;
  readonly experiment?: string;
  readonly bandit?: string;
  readonly from?: number;
  readonly to?: number;
}

export function withFilter(command: Command): Command {
  return command
    .option("--surface <name>", "only this surface")
    .option("--segment <name>", "only this segment")
    .option("--item <id>", "only lists that hold this item")
    .option("--degraded", "only lists of which a part failed or was missing")
    .option("--rule <id>", "only lists in which this rule did something")
    .option("--source <name>", "only lists with an item that it is a reason of")
    .option("--config-version <version>", "only under this configuration")
    .option("--rules-version <version>", "only under these rules")
    .option("--manifest-version <version>", "only under this manifest")
    .option("--experiment <id>", "only lists in this experiment")
    .option("--bandit <id>", "only lists in which this bandit chose")
    .option("--from <time>", "not before", moment)
    .option("--to <time>", "before", moment);
}

export function filterOf(wanted: Wanted): DecisionFilter {
  const { item, rule, ...same } = wanted;
  const {
    surface,
    segment,
    degraded,
    source,
    configVersion,
    rulesVersion,
    manifestVersion,
    experiment,
    bandit,
    from,
    to,
  } = same;
  const filter = {
    surface,
    segment,
    degraded,
    source,
    configVersion,
    rulesVersion,
    manifestVersion,
    experiment,
    bandit,
    from,
    to,
    itemId: item,
    ruleId: rule,
  };
  return Object.fromEntries(
    Object.entries(filter).filter(([, value]) => value !== undefined),
  );
}
