import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";
import { RETRY_WINDOW_DAYS } from "./receipts.ts";

/**
 * Drops the days of receipt that lie wholly before now − `days`, of all
 * tenants at once. Returns how many partitions went. `days` at least 1.
 */
export async function dropOldDays(
  tx: TenantTx,
  table: "decisions" | "exposures" | "outcomes",
  days: number,
): Promise<number> {
  const dropped = await sql<{ dropped: number }>`
    select recsys.drop_days_before(${table},
             recsys.now() - make_interval(days => ${days})) as dropped`.execute(
    tx.db,
  );
  return dropped.rows[0]?.dropped ?? 0;
}

/** Deletes the tenant's events received more than `days` ago; at most `limit` a call. Returns how many. */
export async function deleteOldEvents(
  tx: TenantTx,
  keep: { readonly days: number; readonly limit: number },
): Promise<number> {
  const deleted = await sql`
    delete from public.events
     where (tableoid, ctid) in (
             select e.tableoid, e.ctid
               from public.events e
              where e.tenant_id = ${tx.tenant}
                and e.received_at
                    < (select recsys.now()) - make_interval(days => ${keep.days})
              limit ${keep.limit})
       and tenant_id = ${tx.tenant}`.execute(tx.db);
  return Number(deleted.numAffectedRows ?? 0);
}

/** Removes item changes that no decision of the last `days` needs. Returns how many. */
export async function compactItemChanges(
  tx: TenantTx,
  namespace: string,
  days: number,
): Promise<number> {
  const removed = await sql<{ removed: number }>`
    select recsys.compact_item_changes(${namespace},
             recsys.now() - make_interval(days => ${days})) as removed`.execute(
    tx.db,
  );
  return removed.rows[0]?.removed ?? 0;
}

/** Deletes receipts beyond the retry window, answers beyond 24 hours and canary counts beyond 90 days. */
export async function deleteExpired(tx: TenantTx): Promise<number> {
  const receipts = await sql`
    delete from public.event_receipts
     where tenant_id = ${tx.tenant}
       and received_at < (select recsys.now())
                         - make_interval(days => ${RETRY_WINDOW_DAYS})`.execute(
    tx.db,
  );
  const answers = await sql`
    delete from public.idempotency_answers
     where tenant_id = ${tx.tenant}
       and created_at < (select recsys.now()) - interval '24 hours'`.execute(
    tx.db,
  );
  const canaries = await sql`
    delete from public.canary_counts
     where tenant_id = ${tx.tenant}
       and last_at < (select recsys.now()) - interval '90 days'`.execute(tx.db);
  return [receipts, answers, canaries].reduce(
    (sum, result) => sum + Number(result.numAffectedRows ?? 0),
    0,
  );
}

/** Deletes finished uploads and runs older than `days`. Returns how many. */
export async function deleteOldWork(
  tx: TenantTx,
  days: number,
): Promise<number> {
  let deleted = 0;
  for (const table of ["uploads", "runs"] as const) {
    const result = await sql`
      delete from ${sql.table(`public.${table}`)}
       where tenant_id = ${tx.tenant}
         and finished_at < (select recsys.now())
                           - make_interval(days => ${days})`.execute(tx.db);
    deleted += Number(result.numAffectedRows ?? 0);
  }
  return deleted;
}
