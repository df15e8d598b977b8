import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";

/** When a job last ran and last succeeded; times in Unix milliseconds. */
export interface JobFreshness {
  readonly job: string;
  readonly lastStartedAt: number;
  readonly lastSuccessAt: number | null;
  /** What its last success was as of. */
  readonly asOf: number | null;
  readonly lastRunId: string;
  readonly lastError: string | null;
}

/** Records the end of one job of a run; `error` null is a success. */
export async function recordJob(
  tx: TenantTx,
  namespace: string,
  ended: {
    readonly job: string;
    readonly runId: string;
    /** Unix milliseconds, as `startedAt`. */
    readonly asOf: number;
    readonly startedAt: number;
    readonly error: string | null;
  },
): Promise<void> {
  await sql`
    insert into public.job_freshness as f
           (tenant_id, namespace, job, last_started_at, last_success_at, as_of,
            last_run_id, last_error)
    values (${tx.tenant}, ${namespace}, ${ended.job},
            recsys.from_unix_ms(${ended.startedAt}::float8),
            case when ${ended.error}::text is null then recsys.now() end,
            case when ${ended.error}::text is null
                 then recsys.from_unix_ms(${ended.asOf}::float8) end,
            ${ended.runId}, ${ended.error})
        on conflict (tenant_id, namespace, job) do update
           set last_started_at = excluded.last_started_at,
               last_success_at = coalesce(excluded.last_success_at, f.last_success_at),
               as_of = coalesce(excluded.as_of, f.as_of),
               last_run_id = excluded.last_run_id,
               last_error = excluded.last_error`.execute(tx.db);
}

/** Freshness of every job that ever ran, by name. */
export async function listJobFreshness(
  tx: TenantTx,
  namespace: string,
): Promise<readonly JobFreshness[]> {
  const found = await sql<JobFreshness>`
    select f.job, recsys.unix_ms(f.last_started_at) as "lastStartedAt",
           recsys.unix_ms(f.last_success_at) as "lastSuccessAt",
           recsys.unix_ms(f.as_of) as "asOf", f.last_run_id as "lastRunId",
           f.last_error as "lastError"
      from public.job_freshness f
     where f.tenant_id = ${tx.tenant} and f.namespace = ${namespace}
     order by f.job collate "C"`.execute(tx.db);
  return found.rows;
}
