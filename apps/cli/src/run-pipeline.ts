import {
  runPipeline,
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
>;

/** Runs the pipelines of a place with a bar for those who watch. */
export async function runHere(
  io: Io,
  { platform, tenant, namespace }: Place,
  wishes: RunWishes,
): Promise<PipelineResult> {
  const progress = createProgress(io, "pipelines");
  try {
    const run = runPipeline({
      ...wishes,
      store: platform.store,
      objects: platform.objectsFor(tenant),
      home: platform.home,
      tenant: tenant.tenantId,
      namespace,
      replayDays: platform.config.replayDays,
      onProgress: ({ job, place, of, fraction }: PipelineProgress) => {
        progress.update(100 * (place - 1 + fraction), 100 * of, job);
      },
    });
    // A run that is left behind is marked abandoned by the next one.
    return await orStopped(io, run);
  } finally {
    progress.stop();
  }
}
