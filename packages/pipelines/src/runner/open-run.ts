import type { Json } from "@recsys/contracts";
import { listRuns, type PipelineLock } from "@recsys/store";
import { openDuckDb } from "../duckdb.ts";
import type { Job } from "../jobs/job.ts";
import { lakeFolder } from "../lake/lake-index.ts";
import { startLearner } from "../learner/learner.ts";
import { learningCodeVersion } from "../recipe/code-version.ts";
import { resolvePipelineParameters } from "../recipe/parameters.ts";
import { loadLiveState } from "./live-state.ts";
import type { Run } from "./run.ts";
import type { PipelineOptions, PipelineProgress } from "./pipeline-options.ts";
import { loadCatalogueState, loadHistory, loadTraining } from "./training.ts";

/** A second thread lets the light signals be learned beside the heavy one. */
const LEARNER_THREADS = 2;

type JobPlace = Omit<PipelineProgress, "fraction" | "outcome">;

export interface OpenedRun {
  readonly run: Run;
  /** Where the run is, for the heartbeat. */
  readonly state: () => Json;
  /** The run as one of its jobs sees it, with a progress of its own. */
  readonly enter: (job: JobPlace) => Run;
  readonly close: () => Promise<void>;
}

/** Collects what the jobs work with; histories and items are read when the first job asks. */
export async function openRun(
  options: PipelineOptions,
  o: {
    readonly lock: PipelineLock;
    readonly jobs: readonly Job[];
    begin(facts: {
      readonly codeVersion: string;
      readonly parameters: Json;
    }): Promise<string>;
  },
): Promise<OpenedRun> {
  const parameters = resolvePipelineParameters(options.parameters);
  const codeVersion = options.codeVersion ?? (await learningCodeVersion());
  const { store, tenant, namespace } = options;
  const live = await store.inTenant(tenant, (tx) =>
    loadLiveState(tx, namespace),
  );
  const lastEvents = await eventsOfLastSuccess(options);
  const runId = await o.begin({ codeVersion, parameters });
  const duck = await openDuckDb();
  const learner =
    options.learner ?? startLearner(options.learnerThreads ?? LEARNER_THREADS);
  const place = progressOf(options);
  const run: Run = {
    store,
    tenant,
    namespace,
    objects: options.objects,
    home: options.home,
    asOf: options.asOf,
    backfill: options.backfill,
    learner,
    duck,
    runId,
    lock: o.lock,
    jobs: o.jobs.map(({ name }) => name),
    codeVersion,
    parameters,
    force: options.force ?? false,
    lastEvents,
    replayDays: options.replayDays ?? 14,
    lakeFolder: lakeFolder(options),
    live,
    board: { artifacts: new Map(), evaluation: null, manifest: null },
    history: once(() => loadHistory(run)),
    training: once(() => loadTraining(run)),
    catalogue: once(() => loadCatalogueState(run)),
    progress: () => undefined,
  };
  return {
    run,
    state: place.state,
    enter: (job) => ({ ...run, progress: place.enter(job) }),
    close: async () => {
      duck.close();
      learner.forget(runId);
      if (options.learner === undefined) await learner.close();
    },
  };
}

/** Where the run is, for its heartbeat and for whoever watches. */
function progressOf(options: PipelineOptions) {
  let now: PipelineProgress = { job: "", place: 0, of: 0, fraction: 0 };
  return {
    state: (): Json => {
      const { job, place, of, fraction } = now;
      return { job, place, of, fraction };
    },
    enter: (job: JobPlace) => {
      now = { ...job, fraction: 0 };
      return (fraction: number) => {
        now = { ...job, fraction };
        options.onProgress?.(now);
      };
    },
  };
}

/** Events that the newest successful run saw; null when there was none or it did not ingest. */
async function eventsOfLastSuccess(
  options: PipelineOptions,
): Promise<number | null> {
  const { rows } = await options.store.inTenant(options.tenant, (tx) =>
    listRuns(tx, options.namespace, { limit: 20, state: "succeeded" }),
  );
  for (const { inputs } of rows) {
    const events = (inputs as { readonly events?: unknown } | null)?.events;
    if (typeof events === "number") return events;
  }
  return null;
}

/** Does the work at the first call and gives the same answer to all. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  return () => (answer ??= work());
}
