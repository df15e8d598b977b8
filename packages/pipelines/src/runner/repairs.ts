import { JOBS } from "../jobs/index.ts";
import type { Job } from "../jobs/job.ts";
import { brokenArtifacts } from "../manifests/broken-artifacts.ts";
import { liveDocument } from "./live-state.ts";
import type { PipelineOptions } from "./pipeline-options.ts";

/**
 * The jobs of a run with those added that make what the live manifest names
 * and nobody can load. A job that was asked for looks for itself whether its
 * artifact is whole; a run that publishes nothing repairs nothing.
 */
export async function withRepairs(
  options: PipelineOptions,
  jobs: readonly Job[],
): Promise<readonly Job[]> {
  if (!jobs.some(({ outputs }) => outputs.includes("manifest"))) return jobs;
  const { store, tenant, namespace } = options;
  const live = await store.inTenant(tenant, (tx) =>
    liveDocument(tx, namespace, "manifest"),
  );
  const asked = new Set(jobs.map(({ name }) => name));
  const others = Object.entries(live?.content.artifacts ?? {}).filter(
    ([signal]) => !asked.has(signal),
  );
  const broken = await brokenArtifacts(options.objects, {
    artifacts: Object.fromEntries(others),
  });
  if (broken.length === 0) return jobs;
  for (const { signal } of broken) asked.add(signal);
  return JOBS.filter(({ name }) => asked.has(name));
}
