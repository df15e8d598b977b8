import type { AttributeValue, UserEvent } from "@recsys/contracts";
import { sql, type RawBuilder } from "kysely";
import type { TenantTx } from "../database/store.ts";
import { distinctSorted } from "./columns.ts";
import { decodeCursor, toPage, type Page, type PageRequest } from "./cursor.ts";
import { allOf, refuseEmpty } from "./filters.ts";
import { pseudonymsOf } from "./people.ts";
import { announceUsers } from "./user-changes.ts";

/** Which events: all conditions that are given must hold. Times are of `ts`, Unix milliseconds, `to` exclusive. */
export interface EventFilter {
  readonly userKey?: string;
  readonly sessionKey?: string;
  readonly itemId?: string;
  readonly type?: string;
  readonly eventId?: string;
  readonly from?: number;
  readonly to?: number;
}

export interface StoredEvent {
  readonly seq: number;
  readonly eventId: string | null;
  readonly userKey: string;
  readonly sessionKey: string | null;
  readonly guest: boolean;
  readonly type: string;
  readonly itemId: string;
  readonly value: number | null;
  readonly quantity: number | null;
  readonly price: number | null;
  readonly currency: string | null;
  readonly orderId: string | null;
  /** Unix milliseconds. */
  readonly ts: number;
  readonly receivedAt: number;
  readonly late: boolean;
  readonly requestId: string | null;
  readonly position: number | null;
  readonly surface: string | null;
  readonly context: Readonly<Record<string, AttributeValue>> | null;
  readonly client: string | null;
}

/** A page of events, newest first. */
export async function listEvents(
  tx: TenantTx,
  namespace: string,
  list: PageRequest & { readonly filter: EventFilter },
): Promise<Page<StoredEvent>> {
  const conditions = [within(tx, namespace), ...filtering(list.filter)];
  if (list.cursor !== undefined) {
    const [ms, seq] = decodeCursor(list.cursor, ["time", "count"]);
    conditions.push(
      sql`(e.ts, e.seq) < (recsys.from_unix_ms(${ms}::float8), ${seq}::bigint)`,
    );
  }
  const found = await sql<StoredEvent>`
    select e.seq, e.event_id as "eventId", e.user_key as "userKey",
           e.session_key as "sessionKey", e.guest, e.type,
           e.item_id as "itemId", e.value, e.quantity, e.price, e.currency,
           e.order_id as "orderId", recsys.unix_ms(e.ts) as ts,
           recsys.unix_ms(e.received_at) as "receivedAt", e.late,
           e.request_id as "requestId", e.position, e.surface, e.context,
           e.client
      from public.events e
     where ${allOf(conditions)}
     order by e.ts desc, e.seq desc
     limit ${list.limit + 1}`.execute(tx.db);
  return toPage(found.rows, list.limit, (row) => [row.ts, row.seq]);
}

/** The newest events of a person, newest first. */
export async function recentEvents(
  tx: TenantTx,
  namespace: string,
  newest: { readonly userKey: string; readonly limit: number },
): Promise<readonly UserEvent[]> {
  const found = await sql<{ events: readonly StoredUserEvent[] }>`
    select recsys.newest_events(p.user_key, ${newest.limit}) as events
      from public.people p
     where p.tenant_id = ${tx.tenant} and p.namespace = ${namespace}
       and p.user_key = ${newest.userKey}
     limit 1`.execute(tx.db);
  const [row] = found.rows;
  return (row?.events ?? []).map(toUserEvent);
}

/** The columns of an event that ranking reads. */
export interface StoredUserEvent {
  readonly item_id: string;
  readonly type: string;
  readonly ts: number;
  readonly value: number | null;
  readonly order_id: string | null;
}

/** An event without a value or an order has no such field. */
export function toUserEvent(stored: StoredUserEvent): UserEvent {
  const { value, order_id, ...event } = stored;
  return {
    ...event,
    ...(value === null ? {} : { value }),
    ...(order_id === null ? {} : { order_id }),
  };
}

/** Deletes the events that match, with their outcomes; returns how many events. An empty filter is refused. */
export async function deleteEvents(
  tx: TenantTx,
  namespace: string,
  filter: EventFilter,
): Promise<number> {
  refuseEmpty(filter);
  const gone = await sql<{ userKey: string; events: number }>`
    with gone as (
      delete from public.events e
       where ${allOf([within(tx, namespace), ...filtering(filter)])}
      returning e.user_key, e.request_id, e.item_id, e.type, e.ts
    ), unled as (
      delete from public.outcomes o
       using gone g
       where o.tenant_id = ${tx.tenant} and o.namespace = ${namespace}
         and o.request_id = g.request_id and o.item_id = g.item_id
         and o.type = g.type and o.ts = g.ts and o.user_key = g.user_key
    )
    select g.user_key as "userKey", count(*) as events
      from gone g
     group by g.user_key`.execute(tx.db);
  const keys = distinctSorted(gone.rows.map((row) => row.userKey));
  await announceUsers(tx, namespace, await pseudonymsOf(tx, namespace, keys));
  return gone.rows.reduce((sum, row) => sum + row.events, 0);
}

function within(tx: TenantTx, namespace: string): RawBuilder<unknown> {
  return sql`e.tenant_id = ${tx.tenant} and e.namespace = ${namespace}`;
}

function filtering(filter: EventFilter): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [];
  const { userKey, sessionKey, itemId, type, eventId, from, to } = filter;
  if (userKey !== undefined) conditions.push(sql`e.user_key = ${userKey}`);
  if (sessionKey !== undefined) {
    conditions.push(
      sql`(e.session_key = ${sessionKey} or e.user_key = ${sessionKey})`,
    );
  }
  if (itemId !== undefined) conditions.push(sql`e.item_id = ${itemId}`);
  if (type !== undefined) conditions.push(sql`e.type = ${type}`);
  if (eventId !== undefined) conditions.push(sql`e.event_id = ${eventId}`);
  if (from !== undefined) {
    conditions.push(sql`e.ts >= recsys.from_unix_ms(${from}::float8)`);
  }
  if (to !== undefined) {
    conditions.push(sql`e.ts < recsys.from_unix_ms(${to}::float8)`);
  }
  return conditions;
}
