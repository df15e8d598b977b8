import { ApiError, LIGHT_SIGNALS } from "@recsys/contracts";
import { findTenant, type Store } from "@recsys/store";
import { boughtTogether } from "./bought-together.ts";
import { catalogue } from "./catalogue.ts";
import { coVisits } from "./co-visits.ts";
import { content } from "./content.ts";
import { evaluate } from "./evaluate.ts";
import { fallback } from "./fallback.ts";
import { gc } from "./gc.ts";
import { ials } from "./ials.ts";
import { ingest } from "./ingest.ts";
import { itemKnn } from "./item-knn.ts";
import { itemRates } from "./item-rates.ts";
import type { Job } from "./job.ts";
import { popularity } from "./popularity.ts";
import { publish } from "./publish.ts";
import { trending } from "./trending.ts";
import { validate } from "./validate.ts";

/** Every job, in the order in which a run takes them. */
export const JOBS: readonly Job[] = [
  ingest,
  catalogue,
  validate,
  popularity,
  trending,
  coVisits,
  boughtTogether,
  itemKnn,
  content,
  ials,
  itemRates,
  evaluate,
  publish,
  fallback,
  gc,
];

/** What DB-only mode runs: the light signals, without the evaluation that needs all of them. */
const HEAVY: ReadonlySet<string> = new Set(
  JOBS.filter(
    ({ name, outputs }) =>
      outputs.includes("evaluation") ||
      (outputs.includes("artifact") &&
        !LIGHT_SIGNALS.some((light) => light === name)),
  ).map(({ name }) => name),
);

/** The jobs named, in registry order; without names, those of the tenant's serving mode. Throws INVALID_REQUEST for names that are none. */
export async function selectJobs(o: {
  readonly store: Store;
  readonly tenant: string;
  readonly jobs?: readonly string[];
}): Promise<readonly Job[]> {
  const tenant = await o.store.tenantless((db) => findTenant(db, o.tenant));
  if (tenant === null) {
    throw new ApiError("TENANT_UNKNOWN", {
      detail: `there is no tenant ${o.tenant}`,
    });
  }
  const { jobs: names } = o;
  if (names === undefined) {
    return tenant.servingMode === "artifact"
      ? JOBS
      : JOBS.filter(({ name }) => !HEAVY.has(name));
  }
  const known = JOBS.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new ApiError("INVALID_REQUEST", {
      detail: `no job ${unknown.join(", ")}; there are ${known.join(", ")}`,
    });
  }
  return JOBS.filter(({ name }) => names.includes(name));
}
