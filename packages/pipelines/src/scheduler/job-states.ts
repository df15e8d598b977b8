import { listJobFreshness, type Store } from "@recsys/store";
import { JOBS } from "../jobs/index.ts";
import { staleness, type Freshness } from "./schedule.ts";

export interface JobState extends Freshness {
  readonly job: string;
  readonly owner: string;
  readonly objectiveHours: number;
  readonly lastError: string | null;
  readonly lastRunId: string;
}

/** Every job that ever ended in a namespace, with the age of its last success against its own objective; one that only ever failed is stale at once. */
export async function listJobStates(
  o: {
    readonly store: Store;
    readonly tenant: string;
    readonly namespace: string;
  },
  now: number,
): Promise<readonly JobState[]> {
  const recorded = await o.store.inTenant(o.tenant, (tx) =>
    listJobFreshness(tx, o.namespace),
  );
  return JOBS.flatMap(({ name, owner, objectiveHours }) => {
    const own = recorded.find(({ job }) => job === name);
    if (own === undefined) return [];
    const { lastSuccessAt, lastError, lastRunId } = own;
    const at = { now, since: -Infinity };
    const state = staleness(objectiveHours, lastSuccessAt, at);
    return [
      { job: name, owner, objectiveHours, lastError, lastRunId, ...state },
    ];
  });
}
