import type { Snapshot } from "@recsys/ranking";
import type { ServiceContext } from "../context.ts";

/** Share of the decisions of a namespace that are logged with their sample: its configuration's word, else the process's. */
export function sampleShare(
  { config }: Pick<ServiceContext, "config">,
  snapshot: Pick<Snapshot, "config">,
): number {
  return snapshot.config.decision_log?.sample_share ?? config.sampleShare;
}
