import type { FallbackLists } from "@recsys/contracts";
import { proposeChange } from "@recsys/store";
import type { Run } from "../runner/run.ts";

/** Moves the pointer `fallbacks` to these lists; VERSION_CONFLICT when somebody replaced a list during the run. */
export async function publishFallbacks(
  run: Run,
  content: FallbackLists,
): Promise<void> {
  await run.store.inTenant(run.tenant, (tx) =>
    proposeChange(tx, {
      tenant: run.tenant,
      namespace: run.namespace,
      pointer: "fallbacks",
      content,
      baseVersion: run.live.fallbacks.state?.version ?? null,
      author: "pipelines",
      authorKind: "service",
      reason: `fallback job, run ${run.runId}`,
    }),
  );
}
