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

/**
 * Deletes the tenant's events received more than `days` ago, oldest receipt
 * first: about `limit` a call, because what was received together goes
 * together. Returns how many.
 */
export function deleteOldEvents(
  tx: TenantTx,
  keep: { readonly days: number; readonly limit: number },
): Promise<number> {
  return deleteReceived(tx, "events", keep);
}

/** The end of a batch is read first: with its value known, the delete goes by the index of receipts. */
async function deleteReceived(
  tx: TenantTx,
  table: "events" | "event_receipts",
  keep: { readonly days: number; readonly limit: number },
): Promise<number> {
  const from = sql.table(`public.${table}`);
  const found = await sql<{ end: string }>`
    select max(batch.received_at)::text as end
      from (select r.received_at
              from ${from} r
             where r.tenant_id = ${tx.tenant}
               and r.received_at
                   < (select recsys.now()) - make_interval(days => ${keep.days})
             order by r.received_at
             limit ${keep.limit}) as batch`.execute(tx.db);
  const end = found.rows[0]?.end ?? null;
  if (end === null) return 0;
  const deleted = await sql`
    delete from ${from}
     where tenant_id = ${tx.tenant}
       and received_at <= ${end}::timestamptz`.execute(tx.db);
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

/**
 * Deletes what only time makes superfluous: receipts beyond the retry window,
 * answers beyond 24 hours, canary counts beyond 90 days, uses of what is
 * deprecated beyond 400 days, pseudonyms that were
 * erased 30 days ago. At most about `limit` receipts and answers a call.
 * Returns how many rows went.
 */
export async function deleteExpired(
  tx: TenantTx,
  limit: number,
): Promise<number> {
  const days = RETRY_WINDOW_DAYS;
  const receipts = await deleteReceived(tx, "event_receipts", { days, limit });
  const answers = await sql`
    delete from public.idempotency_answers
     where tenant_id = ${tx.tenant}
       and ctid = any(array(
             select a.ctid
               from public.idempotency_answers a
              where a.tenant_id = ${tx.tenant}
                and a.created_at < (select recsys.now()) - interval '24 hours'
              limit ${limit}))`.execute(tx.db);
  const canaries = await sql`
    delete from public.canary_counts
     where tenant_id = ${tx.tenant}
       and last_at < (select recsys.now()) - interval '90 days'`.execute(tx.db);
  const forgotten = await sql<{ forgotten: number }>`
    select recsys.forget_pseudonyms() as forgotten`.execute(tx.db);
  const uses = await sql`
    delete from public.deprecated_uses
     where tenant_id = ${tx.tenant}
       and last_at < (select recsys.now()) - interval '400 days'`.execute(
    tx.db,
  );
  return [answers, canaries, uses].reduce(
    (sum, result) => sum + Number(result.numAffectedRows ?? 0),
    receipts + (forgotten.rows[0]?.forgotten ?? 0),
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
