import type { DecisionFilter } from "@recsys/store";
import type { Command } from "commander";
import { moment } from "./arguments.ts";

/** Options of commands that pick decisions. */
export interface Wanted {
  readonly surface?: string;
  readonly segment?: string;
  readonly item?: string;
  readonly degraded?: boolean;
  readonly from?: number;
  readonly to?: number;
}

export function withFilter(command: Command): Command {
  return command
    .option("--surface <name>", "only this surface")
    .option("--segment <name>", "only this segment")
    .option("--item <id>", "only lists that hold this item")
    .option("--degraded", "only lists of which a part failed or was missing")
    .option("--from <time>", "not before", moment)
    .option("--to <time>", "before", moment);
}

export function filterOf(wanted: Wanted): DecisionFilter {
  const { surface, segment, item, degraded, from, to } = wanted;
  return {
    ...(surface === undefined ? {} : { surface }),
    ...(segment === undefined ? {} : { segment }),
    ...(item === undefined ? {} : { itemId: item }),
    ...(degraded === undefined ? {} : { degraded }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}
