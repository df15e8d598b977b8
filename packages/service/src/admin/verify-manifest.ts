import { ApiError, messageOf } from "@recsys/contracts";
import type { ServiceContext } from "../context.ts";
import { loadSignals, NO_SIGNALS } from "../serving/load-signals.ts";
import { readArtifact } from "../serving/store-source.ts";

/** Loads every artifact of a manifest once. Throws ARTIFACT_INVALID when one is missing, damaged or not for this release. */
export async function verifyManifest(
  context: ServiceContext,
  tenant: string,
  manifest: unknown,
): Promise<void> {
  const objects = context.objectsFor(await context.tenants.get(tenant));
  const source = {
    artifact: (_: string, hash: string) => readArtifact(objects, hash),
  };
  try {
    await loadSignals(source, tenant, { manifest, before: NO_SIGNALS });
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError("ARTIFACT_INVALID", {
      detail: messageOf(error),
      cause: error,
    });
  }
}
