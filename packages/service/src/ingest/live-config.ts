import {
  ApiError,
  DEFAULT_CONFIG,
  type ConfigDocument,
} from "@recsys/contracts";
import type { ServiceContext } from "../context.ts";

/** The configuration that rows are judged by; the defaults in a namespace that holds nothing yet. */
export async function liveConfig(
  context: ServiceContext,
  tenant: string,
  namespace: string,
): Promise<ConfigDocument> {
  try {
    const state = await context.snapshots.ensure(tenant, namespace);
    return state.loaded.config.content;
  } catch (error) {
    const isNew =
      error instanceof ApiError && error.code === "NAMESPACE_UNKNOWN";
    if (isNew) return DEFAULT_CONFIG;
    throw error;
  }
}
