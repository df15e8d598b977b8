import { ApiError, messageOf } from "@recsys/contracts";
import {
  claimDue,
  failObligation,
  recordJob,
  renewLease,
  scheduleObligation,
  type ClaimedObligation,
  type Store,
} from "@recsys/store";
import { releaseExpiredPins } from "../manifests/pins.ts";
import type { PipelineResult } from "../runner/run-pipeline.ts";
import { nextDue, type Schedule } from "./schedule.ts";
import { PIPELINE_RUN, successName, type ScheduledRun } from "./schedules.ts";

export interface RunRequest {
  readonly tenant: string;
  readonly namespace: string;
  readonly schedule: Schedule;
  /** Unix milliseconds. */
  readonly asOf: number;
}

export interface WorkOptions {
  readonly store: Store;
  /** Name of the worker, for people who look. */
  readonly worker: string;
  readonly clock: () => number;
  /** Runs the pipeline; composed by the caller, which knows homes and object stores. */
  readonly run: (request: RunRequest) => Promise<PipelineResult>;
  /** Hears of every run that ended. */
  readonly onRun?: (ended: EndedRun) => void;
  readonly limit?: number;
}

export interface EndedRun extends RunRequest {
  readonly result: PipelineResult | null;
  readonly error: unknown;
  readonly nextDueAt: number;
}

const LEASE_SECONDS = 300;
/** A run that failed is tried again after minutes that double, and at the next due time at the latest. */
const RETRY_MS = 60_000;

/** Lets go of expired pins and runs the schedules that are due, one after another; sets each one's next time. Any number of workers may do this at once. */
export async function workOff(
  options: WorkOptions,
): Promise<readonly EndedRun[]> {
  await releaseExpiredPins(options.store, options.worker);
  const claims = await claimDue(options.store, {
    worker: options.worker,
    limit: options.limit ?? 1,
    leaseSeconds: LEASE_SECONDS,
    kinds: [PIPELINE_RUN],
  });
  const ended: EndedRun[] = [];
  for (const claim of claims) ended.push(await workOne(options, claim));
  return ended;
}

async function workOne(
  options: WorkOptions,
  claim: ClaimedObligation,
): Promise<EndedRun> {
  const { namespace, schedule } = claim.payload as ScheduledRun;
  const asOf = options.clock();
  const request = { tenant: claim.tenant, namespace, schedule, asOf };
  const stopRenewing = keepLease(options, claim);
  let result: PipelineResult | null = null;
  let error: unknown = null;
  try {
    result = await options.run(request);
  } catch (failure) {
    error = failure;
  } finally {
    await stopRenewing();
  }
  const nextDueAt =
    result === null
      ? await retryLater(options, claim, error)
      : await scheduleNext(options, claim, { request, result });
  const end = { ...request, result, error, nextDueAt };
  options.onRun?.(end);
  return end;
}

/** A run outlives a lease; losing one only means that the pipeline's own lock turns a second worker away. */
function keepLease(
  options: WorkOptions,
  claim: ClaimedObligation,
): () => Promise<void> {
  let renewing = Promise.resolve();
  const timer = setInterval(
    () => {
      renewing = renewing.then(async () => {
        await options.store
          .inTenant(claim.tenant, (tx) => renewLease(tx, claim, LEASE_SECONDS))
          .catch(() => false);
      });
    },
    (LEASE_SECONDS * 1000) / 3,
  );
  timer.unref();
  return async () => {
    clearInterval(timer);
    await renewing;
  };
}

async function scheduleNext(
  options: WorkOptions,
  claim: ClaimedObligation,
  o: { readonly request: RunRequest; readonly result: PipelineResult },
): Promise<number> {
  const { schedule, namespace, asOf } = o.request;
  const now = options.clock();
  const dueAt = nextDue(schedule, now, now);
  await options.store.inTenant(claim.tenant, async (tx) => {
    await recordJob(tx, namespace, {
      job: successName(schedule.name),
      runId: o.result.runId,
      asOf,
      startedAt: asOf,
      error: null,
    });
    await scheduleObligation(tx, {
      kind: claim.kind,
      subject: claim.subject,
      dueAt,
      payload: claim.payload,
    });
  });
  return dueAt;
}

async function retryLater(
  options: WorkOptions,
  claim: ClaimedObligation,
  error: unknown,
): Promise<number> {
  const { schedule } = claim.payload as ScheduledRun;
  const now = options.clock();
  const isBusy = error instanceof ApiError && error.code === "ALREADY_RUNNING";
  const wait = RETRY_MS * (isBusy ? 1 : 2 ** Math.min(claim.attempt, 6));
  const retryAt = Math.min(now + wait, nextDue(schedule, now, now));
  const message = messageOf(error);
  await options.store.inTenant(claim.tenant, (tx) =>
    failObligation(tx, claim, { retryAt, error: message }),
  );
  return retryAt;
}
