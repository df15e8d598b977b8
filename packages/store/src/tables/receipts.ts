import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";
import { distinctSorted, isSet } from "./columns.ts";

/** Days for which a repeated row without ts is recognised: the retry window. */
export const RETRY_WINDOW_DAYS = 7;

interface SentTime {
  readonly id?: string | null | undefined;
  readonly ts?: number | null | undefined;
}

/**
 * The time of each row in Unix milliseconds: its own, else that of the first
 * receipt of its event id within the retry window, else now.
 */
export async function fixTimes(
  tx: TenantTx,
  namespace: string,
  rows: readonly SentTime[],
): Promise<{ readonly now: number; readonly times: readonly number[] }> {
  const now = await readClock(tx);
  const ids = distinctSorted(
    rows.flatMap((row) => (!isSet(row.ts) ? (row.id ?? []) : [])),
  );
  const receipts = await firstReceipts(tx, namespace, { ids, now });
  return {
    now,
    times: rows.map((row) => row.ts ?? receipts.get(row.id ?? "") ?? now),
  };
}

/** recsys.now() in whole Unix milliseconds. */
export async function readClock(tx: TenantTx): Promise<number> {
  const clock = await sql<{
    now: number;
  }>`select recsys.unix_ms(recsys.now()) as now`.execute(tx.db);
  const [row] = clock.rows;
  if (row === undefined) throw new Error("the database told no time");
  return row.now;
}

async function firstReceipts(
  tx: TenantTx,
  namespace: string,
  wanted: {
    readonly ids: readonly string[];
    readonly now: number;
  },
): Promise<ReadonlyMap<string, number>> {
  if (wanted.ids.length === 0) return new Map();
  await sql`
    insert into public.event_receipts
           (tenant_id, namespace, kind, event_id, ts, received_at)
    select ${tx.tenant}, ${namespace}, 'event', n.id,
           recsys.from_unix_ms(${wanted.now}::float8), recsys.now()
      from unnest(${wanted.ids}::text[]) as n (id)
     order by n.id collate "C"
        on conflict do nothing`.execute(tx.db);
  const found = await sql<{ id: string; ts: number }>`
    select r.event_id as id, recsys.unix_ms(r.ts) as ts
      from public.event_receipts r
     where r.tenant_id = ${tx.tenant} and r.namespace = ${namespace}
       and r.kind = 'event'
       and r.event_id = any(${wanted.ids}::text[])`.execute(tx.db);
  return new Map(found.rows.map((row) => [row.id, row.ts]));
}

/** Records exposure ids and returns those that were not received before within the retry window. */
export async function newExposureIds(
  tx: TenantTx,
  namespace: string,
  sent: readonly string[],
): Promise<Set<string>> {
  const ids = distinctSorted(sent);
  if (ids.length === 0) return new Set();
  const made = await sql<{ id: string }>`
    insert into public.event_receipts
           (tenant_id, namespace, kind, event_id, ts, received_at)
    select ${tx.tenant}, ${namespace}, 'exposure', n.id, recsys.now(),
           recsys.now()
      from unnest(${ids}::text[]) as n (id)
     order by n.id collate "C"
        on conflict do nothing
    returning event_id as id`.execute(tx.db);
  return new Set(made.rows.map((row) => row.id));
}
