import {
  storeTarget,
  type ImportLimits,
  type ImportTarget,
} from "@recsys/pipelines";
import { pseudonymOf, type ServiceConfig } from "@recsys/service";
import type { Place } from "./platform.ts";

type Kind = Parameters<typeof pseudonymOf>[1];

/** Identifiers whose pseudonyms are remembered: a few megabytes. */
const REMEMBERED = 50_000;

/** Rows go into the database under the pseudonyms that serving computes. */
export function importTarget({
  platform,
  tenant,
  namespace,
}: Place): ImportTarget {
  return storeTarget({
    store: platform.store,
    tenant: tenant.tenantId,
    namespace,
    pseudonym: rememberedPseudonyms(tenant.secret),
  });
}

/** The largest file that the settings allow. */
export function importLimits(
  config: Pick<ServiceConfig, "importMaxMb" | "importMaxRows">,
): ImportLimits {
  return {
    bytes: config.importMaxMb * 1024 * 1024,
    rows: config.importMaxRows,
  };
}

/** People come back line after line, and an HMAC costs more than reading the line. */
function rememberedPseudonyms(
  secret: Buffer,
): (kind: Kind, id: string) => string {
  let known = new Map<string, string>();
  return (kind, id) => {
    const name = `${kind}:${id}`;
    const found = known.get(name);
    if (found !== undefined) return found;
    if (known.size >= REMEMBERED) known = new Map();
    const made = pseudonymOf(secret, kind, id);
    known.set(name, made);
    return made;
  };
}
