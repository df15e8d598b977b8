import { DAY_MS } from "@recsys/contracts";
import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";

/** One day of events, by `ts` in UTC. */
export interface EventDay {
  /** Such as 2026-01-31. */
  readonly day: string;
  readonly rows: number;
  readonly maxSeq: number;
  /** Differs whenever rows were added, deleted or moved by a merge. */
  readonly fingerprint: string;
}

/** Rows of a day as columns of equal length, for training. */
export interface EventColumns {
  readonly seq: readonly number[];
  readonly userKey: readonly string[];
  readonly sessionKey: readonly (string | null)[];
  readonly guest: readonly boolean[];
  readonly type: readonly string[];
  readonly itemId: readonly string[];
  readonly value: readonly (number | null)[];
  readonly quantity: readonly (number | null)[];
  readonly price: readonly (number | null)[];
  readonly currency: readonly (string | null)[];
  readonly orderId: readonly (string | null)[];
  /** Unix milliseconds. */
  readonly ts: readonly number[];
  readonly late: readonly boolean[];
  readonly requestId: readonly (string | null)[];
  readonly surface: readonly (string | null)[];
}

type EventRow = {
  readonly [Column in keyof EventColumns]: EventColumns[Column][number];
};

/** The days that have events, oldest first, with fingerprints of what they hold. */
export async function eventDays(
  tx: TenantTx,
  namespace: string,
): Promise<readonly EventDay[]> {
  const found = await sql<EventDay>`
    select (e.ts at time zone 'UTC')::date as day, count(*) as rows,
           max(e.seq) as "maxSeq",
           count(*) || '-' || max(e.seq) || '-' || sum(e.seq) as fingerprint
      from public.events e
     where e.tenant_id = ${tx.tenant} and e.namespace = ${namespace}
     group by 1
     order by 1`.execute(tx.db);
  return found.rows;
}

/**
 * Streams a day (such as 2026-01-31, UTC) in batches, ordered by (ts, seq), all
 * of one snapshot. The transaction must stay open meanwhile.
 */
export async function* readEvents(
  tx: TenantTx,
  namespace: string,
  wanted: { readonly day: string; readonly batchRows?: number },
): AsyncGenerator<EventColumns> {
  const from = Date.parse(`${wanted.day}T00:00:00Z`);
  // A name of its own, because a reader that stops early leaves its cursor open.
  const cursor = sql.id(`events ${crypto.randomUUID()}`);
  const batchRows = wanted.batchRows ?? 20_000;
  await sql`
    declare ${cursor} no scroll cursor for
    select e.seq, e.user_key as "userKey", e.session_key as "sessionKey",
           e.guest, e.type, e.item_id as "itemId", e.value, e.quantity, e.price,
           e.currency, e.order_id as "orderId", recsys.unix_ms(e.ts) as ts,
           e.late, e.request_id as "requestId", e.surface
      from public.events e
     where e.tenant_id = ${tx.tenant}
       and e.namespace = ${namespace}
       and e.ts >= recsys.from_unix_ms(${from}::float8)
       and e.ts < recsys.from_unix_ms(${from + DAY_MS}::float8)
     order by e.ts, e.seq`.execute(tx.db);
  for (;;) {
    const { rows } =
      await sql<EventRow>`fetch ${sql.lit(batchRows)} from ${cursor}`.execute(
        tx.db,
      );
    if (rows.length > 0) yield toColumns(rows);
    if (rows.length < batchRows) break;
  }
  await sql`close ${cursor}`.execute(tx.db);
}

function toColumns(rows: readonly EventRow[]): EventColumns {
  return {
    seq: rows.map((row) => row.seq),
    userKey: rows.map((row) => row.userKey),
    sessionKey: rows.map((row) => row.sessionKey),
    guest: rows.map((row) => row.guest),
    type: rows.map((row) => row.type),
    itemId: rows.map((row) => row.itemId),
    value: rows.map((row) => row.value),
    quantity: rows.map((row) => row.quantity),
    price: rows.map((row) => row.price),
    currency: rows.map((row) => row.currency),
    orderId: rows.map((row) => row.orderId),
    ts: rows.map((row) => row.ts),
    late: rows.map((row) => row.late),
    requestId: rows.map((row) => row.requestId),
    surface: rows.map((row) => row.surface),
  };
}
