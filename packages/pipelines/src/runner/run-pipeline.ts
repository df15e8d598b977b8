import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { messageOf, type Json } from "@recsys/contracts";
import { abandonRuns, finishRun, recordJob, startRun } from "@recsys/store";
import type { Job, JobReport } from "../jobs/job.ts";
import { selectJobs } from "../jobs/index.ts";
import { giveBackLock, startPulse, takeLock, type Pulse } from "./hold-lock.ts";
import { openRun, type OpenedRun } from "./open-run.ts";
import type { PipelineOptions } from "./pipeline-options.ts";
import { withRepairs } from "./repairs.ts";
import type { Run } from "./run.ts";

export interface PipelineResult {
  readonly runId: string;
  readonly jobs: readonly JobReport[];
  /** Live after the run; null when there is nothing to serve or a gate held it. */
  readonly manifest: { readonly version: number; readonly hash: string } | null;
  readonly isHeld: boolean;
}

const LEASE_SECONDS = 60;

/**
 * Runs the jobs in order under a lock that spans processes, and records the
 * run with its lineage. Throws ALREADY_RUNNING, LIMIT_EXCEEDED,
 * QUALITY_FAILED or what a job threw; the live manifest then stays.
 */
export async function runPipeline(
  options: PipelineOptions,
): Promise<PipelineResult> {
  const address = {
    ...options,
    holder: `${hostname()}:${process.pid}:${randomUUID()}`,
    leaseSeconds: options.leaseSeconds ?? LEASE_SECONDS,
  };
  const selected = await selectJobs(options);
  const lock = await takeLock(address);
  try {
    const jobs = await withRepairs(options, selected);
    const opened = await openRun(options, {
      lock,
      jobs,
      begin: (facts) => beginRun(options, address.leaseSeconds, facts),
    });
    const pulse = startPulse(address, {
      lock,
      runId: opened.run.runId,
      progress: opened.state,
    });
    try {
      return await runJobs(options, opened, { jobs, pulse });
    } finally {
      await pulse.stop();
      await opened.close();
    }
  } finally {
    await giveBackLock(address, lock);
  }
}

async function beginRun(
  options: PipelineOptions,
  leaseSeconds: number,
  facts: { readonly codeVersion: string; readonly parameters: Json },
): Promise<string> {
  return options.store.inTenant(options.tenant, async (tx) => {
    // Under the lock nobody else runs: what says so died.
    await abandonRuns(tx, options.namespace, leaseSeconds);
    return startRun(tx, options.namespace, {
      pipeline: "pipeline",
      owner: options.owner ?? "recommendations",
      trigger: options.trigger,
      asOf: options.asOf,
      ...facts,
    });
  });
}

async function runJobs(
  options: PipelineOptions,
  opened: OpenedRun,
  o: { readonly jobs: readonly Job[]; readonly pulse: Pulse },
): Promise<PipelineResult> {
  const reports: JobReport[] = [];
  const { run } = opened;
  try {
    for (const group of groupsOf(o.jobs)) {
      o.pulse.check();
      await runGroup(options, opened, { ...o, group, reports });
    }
  } catch (error) {
    await finish(options, run.runId, { reports, error });
    throw error;
  }
  await finish(options, run.runId, { reports, error: null });
  return {
    runId: run.runId,
    jobs: reports,
    manifest: run.board.manifest,
    isHeld: reports.some(({ result }) => result === "held"),
  };
}

/** Neighbours in the list that learn a signal each need nothing of each other and run together. */
function groupsOf(jobs: readonly Job[]): Job[][] {
  const groups: Job[][] = [];
  const isLearning = (job: Job | undefined) =>
    job?.outputs.includes("artifact") ?? false;
  for (const job of jobs) {
    const last = groups.at(-1);
    if (last !== undefined && isLearning(job) && isLearning(last[0])) {
      last.push(job);
    } else groups.push([job]);
  }
  return groups;
}

/** Throws the first error when all jobs of the group have ended. */
async function runGroup(
  options: PipelineOptions,
  opened: OpenedRun,
  o: {
    readonly jobs: readonly Job[];
    readonly group: readonly Job[];
    readonly reports: JobReport[];
  },
): Promise<void> {
  const ended = await Promise.allSettled(
    // The list ends with the heaviest: begun first, it leaves the others to the second thread.
    o.group.toReversed().map(async (job) => {
      const place = o.jobs.indexOf(job) + 1;
      const facts = { job: job.name, place, of: o.jobs.length };
      options.onProgress?.({ ...facts, fraction: 0 });
      const report = await runJob(options, opened.enter(facts), job);
      options.onProgress?.({ ...facts, fraction: 1, outcome: report });
      return report;
    }),
  );
  const errors: unknown[] = [];
  for (const each of ended.toReversed()) {
    if (each.status === "fulfilled") o.reports.push(each.value);
    else errors.push(each.reason);
  }
  if (errors.length > 0) throw errors[0];
}

async function runJob(
  options: PipelineOptions,
  run: Run,
  job: Job,
): Promise<JobReport> {
  const startedAt = performance.now();
  const record = (error: string | null) =>
    options.store.inTenant(options.tenant, (tx) =>
      recordJob(tx, options.namespace, {
        job: job.name,
        runId: run.runId,
        asOf: run.asOf,
        startedAt: Date.now() - (performance.now() - startedAt),
        error,
      }),
    );
  try {
    const outcome = await job.run(run);
    await record(null);
    const ms = Math.round(performance.now() - startedAt);
    return { name: job.name, ...outcome, ms };
  } catch (error) {
    await record(messageOf(error));
    throw error;
  }
}

/** The run row: what it read (inputs) and made (outputs) by job. */
async function finish(
  options: PipelineOptions,
  runId: string,
  end: { readonly reports: readonly JobReport[]; readonly error: unknown },
): Promise<void> {
  const outputs = Object.fromEntries(
    end.reports.map(({ name, result, facts, ms }) => [
      name,
      { result, ms, ...facts },
    ]),
  );
  const ingest = end.reports.find(({ name }) => name === "ingest");
  const catalogue = end.reports.find(({ name }) => name === "catalogue");
  await options.store.inTenant(options.tenant, (tx) =>
    finishRun(tx, runId, {
      state: end.error === null ? "succeeded" : "failed",
      inputs: {
        events: ingest?.facts["events"] ?? null,
        days_hash: ingest?.facts["days_hash"] ?? null,
        catalogue_revision: catalogue?.facts["revision"] ?? null,
        catalogue_hash: catalogue?.facts["hash"] ?? null,
      },
      outputs,
      ...(end.error === null ? {} : { error: messageOf(end.error) }),
    }),
  );
}
