import { hostname } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { DEFAULT_NAMESPACE, messageOf } from "@recsys/contracts";
import {
  ensureBanditDuty,
  ensureRetention,
  ensureSchedule,
  workOff,
  workOffBandits,
  workOffRetention,
  type EndedRetention,
  type EndedRun,
} from "@recsys/pipelines";
import { listTenants } from "@recsys/store";
import type { Io } from "./io.ts";
import type { Platform } from "./platform.ts";
import { runHere } from "./run-pipeline.ts";

/** How often the worker looks for schedules that are due. */
const LOOK_EVERY_MS = 5_000;

export interface Worker {
  /** Takes no new run; one that is under way ends with the process. */
  stop(): Promise<void>;
}

/** Runs what is due, one after another, until it is stopped. Any number of workers may share a database. */
export function startWorker(platform: Platform, io: Io): Worker {
  const stopping = new AbortController();
  const working = work(platform, io, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await working;
    },
  };
}

async function work(
  platform: Platform,
  io: Io,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await workOnce(platform, io);
    } catch (error) {
      // The database may be away; the next look finds out.
      io.note(`worker: ${messageOf(error)}`);
    }
    await pause(LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(
      () => undefined,
    );
  }
}

/** Sets up missing schedules and does what is due; whether all of it went well. */
export async function workOnce(platform: Platform, io: Io): Promise<boolean> {
  const { store } = platform;
  const tenants = await store.tenantless((db) => listTenants(db));
  for (const { tenantId: tenant } of tenants) {
    const now = io.now();
    await ensureRetention(store, tenant, now);
    await ensureBanditDuty(store, tenant, now);
    await ensureSchedule({ store, tenant, namespace: DEFAULT_NAMESPACE }, now);
  }
  const isKept = await keepRetention(platform, io);
  const isCounted = await countBandits(platform, io);
  const runs = await runSchedules(platform, io);
  return isKept && isCounted && runs.every(({ result }) => result !== null);
}

const worker = `${hostname()}:${process.pid}`;

async function keepRetention(platform: Platform, io: Io): Promise<boolean> {
  const { store, config } = platform;
  const ended = await workOffRetention({
    store,
    worker,
    clock: () => io.now(),
    days: {
      events: config.eventDays,
      decisions: config.decisionDays,
      feedback: config.feedbackDays,
    },
  });
  const text = ended === null ? null : retentionText(ended);
  if (text !== null) io.note(text);
  return ended === null || ended.error === null;
}

async function countBandits({ store }: Platform, io: Io): Promise<boolean> {
  const ended = await workOffBandits({ store, worker, clock: () => io.now() });
  if (ended === null) return true;
  const { tenant, counted, error } = ended;
  if (error !== null) {
    io.note(`worker: bandits of ${tenant} failed: ${messageOf(error)}`);
  } else if (counted > 0) {
    io.note(`worker: bandits of ${tenant} counted ${counted} trials`);
  }
  return error === null;
}

function runSchedules(
  platform: Platform,
  io: Io,
): Promise<readonly EndedRun[]> {
  return workOff({
    store: platform.store,
    worker,
    clock: () => io.now(),
    run: async ({ tenant, namespace, schedule, asOf }) => {
      const place = {
        platform,
        tenant: await platform.tenant({ tenant }),
        namespace,
      };
      const quiet = { ...io, isTerminal: false };
      return runHere(quiet, place, {
        asOf,
        trigger: "schedule",
        ...(schedule.jobs === undefined ? {} : { jobs: schedule.jobs }),
      });
    },
    onRun: (ended) => {
      io.note(runText(ended));
    },
  });
}

/** Null when there was nothing to delete. */
function retentionText({
  tenant,
  rows,
  days,
  error,
  nextDueAt,
}: EndedRetention): string | null {
  const next = `next ${new Date(nextDueAt).toISOString()}`;
  if (error !== null) {
    return `worker: retention of ${tenant} failed: ${messageOf(error)}; ${next}`;
  }
  if (rows + days === 0) return null;
  return `worker: retention of ${tenant} deleted ${rows} rows and ${days} days of decisions and feedback; ${next}`;
}

function runText({
  tenant,
  schedule,
  result,
  error,
  nextDueAt,
}: EndedRun): string {
  const next = `next ${new Date(nextDueAt).toISOString()}`;
  if (result === null) {
    const why = messageOf(error);
    return `worker: ${schedule.name} of ${tenant} failed: ${why}; ${next}`;
  }
  const what = result.isHeld ? "held by its gate" : "done";
  return `worker: ${schedule.name} of ${tenant} ${what}; ${next}`;
}
