import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";
import { columnOf, isSet } from "./columns.ts";
import { toPage, type Page } from "./cursor.ts";
import { feedbackConditions, type FeedbackList } from "./feedback.ts";
import { ensurePartitions } from "./partitions.ts";
import { readClock } from "./receipts.ts";

/** What followed from a slate: an event that names the request. */
export interface NewOutcome {
  readonly requestId?: string | null;
  readonly itemId: string;
  readonly type: string;
  readonly eventId?: string | null;
  readonly userKey: string;
  readonly orderId?: string | null;
  readonly value?: number | null;
  readonly quantity?: number | null;
  readonly price?: number | null;
  readonly ts: number;
  readonly late: boolean;
}

export interface StoredOutcome {
  readonly seq: number;
  readonly requestId: string;
  readonly itemId: string;
  readonly type: string;
  readonly eventId: string | null;
  readonly userKey: string;
  readonly value: number | null;
  readonly quantity: number | null;
  readonly price: number | null;
  readonly orderId: string | null;
  /** A purchase that was taken back: a return of the same order, item and person. */
  readonly returned: boolean;
  /** Unix milliseconds, as all times here. */
  readonly ts: number;
  readonly late: boolean;
  readonly receivedAt: number;
}

/** Appends the rows that name a request; which of them are new, the events decided. */
export async function appendOutcomes(
  tx: TenantTx,
  namespace: string,
  rows: readonly NewOutcome[],
): Promise<void> {
  const outcomes = rows.filter((row) => isSet(row.requestId));
  if (outcomes.length === 0) return;
  const now = await readClock(tx);
  await ensurePartitions(tx, "outcomes", [now]);
  const column = <V>(pick: (row: NewOutcome) => V | null | undefined) =>
    columnOf(outcomes, pick);
  await sql`
    insert into public.outcomes
           (tenant_id, namespace, received_at, request_id, item_id, type,
            event_id, user_key, order_id, value, quantity, price, ts, late)
    select ${tx.tenant}, ${namespace}, recsys.from_unix_ms(${now}::float8),
           n.request_id, n.item_id, n.type, n.event_id, n.user_key,
           n.order_id, n.value, n.quantity, n.price, recsys.from_unix_ms(n.ms), n.late
      from unnest(
             ${column((o) => o.requestId)}::uuid[],
             ${column((o) => o.itemId)}::text[],
             ${column((o) => o.type)}::text[],
             ${column((o) => o.eventId)}::text[],
             ${column((o) => o.userKey)}::uuid[],
             ${column((o) => o.orderId)}::text[],
             ${column((o) => o.value)}::float8[],
             ${column((o) => o.quantity)}::float8[],
             ${column((o) => o.price)}::float8[],
             ${column((o) => o.ts)}::float8[],
             ${column((o) => o.late)}::boolean[]
           ) as n (request_id, item_id, type, event_id, user_key, order_id,
                   value, quantity, price, ms, late)`.execute(tx.db);
}

/** A page of outcomes by time of receipt. */
export async function listOutcomes(
  tx: TenantTx,
  namespace: string,
  list: FeedbackList,
): Promise<Page<StoredOutcome>> {
  const found = await sql<StoredOutcome>`
    select f.seq, f.request_id as "requestId", f.item_id as "itemId", f.type,
           f.event_id as "eventId", f.user_key as "userKey", f.value,
           f.quantity, f.price, f.order_id as "orderId",
           f.type = 'purchase' and f.order_id is not null and exists (
             select 1 from public.events r
              where r.tenant_id = f.tenant_id and r.namespace = f.namespace
                and r.user_key = f.user_key and r.type = 'return'
                and r.order_id = f.order_id and r.item_id = f.item_id)
             as returned,
           recsys.unix_ms(f.ts) as ts, f.late,
           recsys.unix_ms(f.received_at) as "receivedAt"
      from public.outcomes f
     where ${feedbackConditions(tx, namespace, list)}
     order by f.received_at, f.seq
     limit ${list.limit + 1}`.execute(tx.db);
  return toPage(found.rows, list.limit, (row) => [row.receivedAt, row.seq]);
}
