import {
  ApiError,
  canonicalJson,
  encodeUtf8,
  type ContentHash,
  type Manifest,
  type PointerState,
} from "@recsys/contracts";
import {
  holdsPipelineLock,
  proposeChange,
  type ObjectStore,
} from "@recsys/store";
import type { Run } from "../runner/run.ts";

/** Keeps the manifest as an object, so that a held one can be activated by its hash. */
export function storeManifest(
  objects: ObjectStore,
  manifest: Manifest,
): Promise<ContentHash> {
  return objects.put(encodeUtf8(canonicalJson(manifest)));
}

/** Moves the pointer `manifest` through a Change; VERSION_CONFLICT when another was activated since the run began. */
export async function proposeManifest(
  run: Run,
  change: { readonly manifest: Manifest; readonly reason: string },
): Promise<PointerState> {
  const { pointer } = await run.store.inTenant(run.tenant, async (tx) => {
    if (!(await holdsPipelineLock(tx, run.namespace, run.lock))) {
      throw new ApiError("ALREADY_RUNNING", {
        detail: "the lock of this run lapsed; another process publishes now",
      });
    }
    return proposeChange(tx, {
      tenant: run.tenant,
      namespace: run.namespace,
      pointer: "manifest",
      content: change.manifest,
      baseVersion: run.live.manifest?.state.version ?? null,
      author: "pipelines",
      authorKind: "service",
      reason: change.reason,
    });
  });
  return pointer;
}
