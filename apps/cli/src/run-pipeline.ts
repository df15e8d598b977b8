import {
  runPipeline,
  type JobReport,
  type PipelineOptions,
  type PipelineProgress,
  type PipelineResult,
} from "@recsys/pipelines";
import type { Io } from "./io.ts";
import type { Place } from "./platform.ts";
import { createProgress } from "./progress.ts";
import { orStopped } from "./until-stopped.ts";

export type RunWishes = Pick<
  PipelineOptions,
  | "asOf"
  | "jobs"
  | "backfill"
  | "force"
  | "leaseSeconds"
  | "parameters"
  | "trigger"
> & {
  /** Says one line about each job that has ended. */
  readonly tellJobs?: boolean;
};

/** Runs the pipelines of a place with a bar for those who watch. */
export async function runHere(
  io: Io,
  { platform, tenant, namespace }: Place,
  { tellJobs = false, ...wishes }: RunWishes,
): Promise<PipelineResult> {
  const progress = createProgress(io, "pipelines");
  const shares = new Map<string, number>();
  const onProgress = ({ job, of, fraction, outcome }: PipelineProgress) => {
    if (tellJobs && outcome !== undefined) progress.line(jobLine(outcome));
    // Jobs run beside each other, so the share is that of all of them.
    shares.set(job, fraction);
    const done = [...shares.values()].reduce((sum, share) => sum + share, 0);
    progress.update(100 * done, 100 * of, job);
  };
  try {
    const run = runPipeline({
      ...wishes,
      store: platform.store,
      objects: platform.objectsFor(tenant),
      home: platform.home,
      tenant: tenant.tenantId,
      namespace,
      replayDays: platform.config.replayDays,
      onProgress,
    });
    // A run that is left behind is marked abandoned by the next one.
    return await orStopped(io, run);
  } finally {
    progress.stop();
  }
}

function jobLine({ name, result, ms }: JobReport): string {
  const seconds = `${(ms / 1000).toFixed(1)} s`;
  return `  ${name.padEnd(16)} ${result.padEnd(14)} ${seconds.padStart(8)}`;
}
