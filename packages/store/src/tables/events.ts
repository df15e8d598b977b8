import type { AttributeValue, RowResult } from "@recsys/contracts";
import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";
import { countCanaries } from "./canaries.ts";
import { columnOf, distinctSorted, isSet } from "./columns.ts";
import { subjectsOfDecisions } from "./decisions.ts";
import { holdErasures } from "./erasures.ts";
import { appendOutcomes } from "./outcomes.ts";
import { ensurePartitions } from "./partitions.ts";
import { ensurePeople, pseudonymsOf, type Identity } from "./people.ts";
import { fixTimes } from "./receipts.ts";
import { announceUsers } from "./user-changes.ts";

/** An event as callers hand it over, its fields checked. Times in Unix milliseconds. */
export interface NewEvent {
  /** Position in the batch that the result names. */
  readonly row: number;
  /** Null only for outcomes that name nobody: then the decision says who, or a guest did it. */
  readonly subject: Identity | null;
  /** The session, where one was named beside the person. */
  readonly session?: Identity | null;
  readonly type: string;
  readonly itemId: string;
  /** Absent: no duplicate of this event can be recognised. */
  readonly eventId?: string | null;
  /** Absent: the time of the first receipt. */
  readonly ts?: number | null;
  readonly value?: number | null;
  readonly quantity?: number | null;
  readonly price?: number | null;
  readonly currency?: string | null;
  readonly orderId?: string | null;
  readonly requestId?: string | null;
  readonly position?: number | null;
  readonly surface?: string | null;
  readonly context?: Readonly<Record<string, AttributeValue>> | null;
  readonly client?: string | null;
  readonly canary?: boolean;
}

/** A new event with everything that the database decides. */
interface TimedEvent extends NewEvent {
  readonly ts: number;
  readonly late: boolean;
  readonly userKey: string;
  readonly sessionKey: string | null;
  readonly guest: boolean;
}

export interface AppendedEvents {
  readonly results: RowResult[];
  /** Rows without event_id: a repeated sending of these counts twice. */
  readonly withoutId: number;
  readonly late: number;
  readonly canaries: number;
}

/**
 * Appends events and, for those with a request_id, outcomes. A row whose
 * event_id and ts are known, or came earlier in the batch, is `duplicate`;
 * canary rows are counted and not kept. Rows that arrive more than
 * `lateAfterMs` after their ts are flagged. Once per transaction.
 */
export async function appendEvents(
  tx: TenantTx,
  namespace: string,
  batch: { readonly rows: readonly NewEvent[]; readonly lateAfterMs: number },
): Promise<AppendedEvents> {
  const canaries = batch.rows.filter((row) => row.canary === true);
  const rows = batch.rows.filter((row) => row.canary !== true);
  await countCanaries(tx, namespace, canaries);
  const events = await resolve(tx, namespace, { ...batch, rows });
  const fresh = firstOfEach(events);
  await ensurePartitions(
    tx,
    "events",
    fresh.map((event) => event.ts),
  );
  const known = await insertEvents(tx, namespace, fresh);
  const accepted = fresh.filter((event) => !known.has(event.row));
  await appendOutcomes(tx, namespace, accepted);
  await announce(tx, namespace, accepted);
  const isAccepted = new Set([...accepted, ...canaries].map((row) => row.row));
  return {
    results: batch.rows.map(({ row }) => ({
      row,
      status: isAccepted.has(row) ? "accepted" : "duplicate",
    })),
    withoutId: rows.filter((row) => !isSet(row.eventId)).length,
    late: accepted.filter((event) => event.late).length,
    canaries: canaries.length,
  };
}

/** Finds out who and when. */
async function resolve(
  tx: TenantTx,
  namespace: string,
  batch: { readonly rows: readonly NewEvent[]; readonly lateAfterMs: number },
): Promise<TimedEvent[]> {
  const { rows, lateAfterMs } = batch;
  const nameless = rows.filter((row) => row.subject === null);
  // The decision that says who must not go before the row is written.
  if (nameless.length > 0) await holdErasures(tx);
  const people = await ensurePeople(
    tx,
    namespace,
    rows.flatMap((row) => [row.subject ?? [], row.session ?? []].flat()),
  );
  const { now, times } = await fixTimes(
    tx,
    namespace,
    rows.map((row) => ({ id: row.eventId, ts: row.ts })),
  );
  const deciders = await subjectsOfDecisions(
    tx,
    nameless.flatMap((row) => row.requestId ?? []),
  );
  return rows.map((row, i): TimedEvent => {
    const ts = times[i] ?? now;
    const person = people.get(row.subject?.pseudonym ?? "");
    const decider = deciders.get(row.requestId ?? "");
    return {
      ...row,
      ts,
      late: now - ts > lateAfterMs,
      userKey: person?.userKey ?? decider ?? crypto.randomUUID(),
      sessionKey: people.get(row.session?.pseudonym ?? "")?.userKey ?? null,
      guest:
        row.subject === null
          ? decider === undefined
          : row.subject.kind === "session",
    };
  });
}

function firstOfEach(events: readonly TimedEvent[]): TimedEvent[] {
  const seen = new Set<string>();
  return events.filter((event) => {
    if (!isSet(event.eventId)) return true;
    const key = `${event.ts} ${event.eventId}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Returns the rows that were there already. */
async function insertEvents(
  tx: TenantTx,
  namespace: string,
  events: readonly TimedEvent[],
): Promise<ReadonlySet<number>> {
  if (events.length === 0) return new Set();
  const column = <V>(pick: (event: TimedEvent) => V | null | undefined) =>
    columnOf(events, pick);
  const known = await sql<{ row: number }>`
    with sent as materialized (
      select n.*, recsys.from_unix_ms(n.ms) as ts
        from unnest(
          ${column((e) => e.row)}::integer[],
          ${column((e) => e.eventId)}::text[],
          ${column((e) => e.userKey)}::uuid[],
          ${column((e) => e.sessionKey)}::uuid[],
          ${column((e) => e.guest)}::boolean[],
          ${column((e) => e.type)}::text[],
          ${column((e) => e.itemId)}::text[],
          ${column((e) => e.value)}::float8[],
          ${column((e) => e.quantity)}::float8[],
          ${column((e) => e.price)}::float8[],
          ${column((e) => e.currency)}::text[],
          ${column((e) => e.orderId)}::text[],
          ${column((e) => e.ts)}::float8[],
          ${column((e) => e.late)}::boolean[],
          ${column((e) => e.requestId)}::uuid[],
          ${column((e) => e.position)}::integer[],
          ${column((e) => e.surface)}::text[],
          ${column((e) => e.context && JSON.stringify(e.context))}::jsonb[],
          ${column((e) => e.client)}::text[]
        ) as n (row, event_id, user_key, session_key, guest, type, item_id,
                value, quantity, price, currency, order_id, ms, late,
                request_id, position, surface, context, client)
    ), written as (
      insert into public.events
             (tenant_id, namespace, event_id, user_key, session_key, guest,
              type, item_id, value, quantity, price, currency, order_id, ts,
              received_at, late, request_id, position, surface, context, client)
      select ${tx.tenant}, ${namespace}, s.event_id, s.user_key, s.session_key,
             s.guest, s.type, s.item_id, s.value, s.quantity, s.price,
             s.currency, s.order_id, s.ts, recsys.now(), s.late, s.request_id,
             s.position, s.surface, s.context, s.client
        from sent s
       order by s.event_id collate "C", s.ts, s.row
          on conflict (tenant_id, namespace, event_id, ts)
             where event_id is not null do nothing
      returning event_id, ts
    )
    select s.row
      from sent s
     where s.event_id is not null
       and not exists (select 1
                         from written w
                        where w.event_id = s.event_id and w.ts = s.ts)`.execute(
    tx.db,
  );
  return new Set(known.rows.map(({ row }) => row));
}

async function announce(
  tx: TenantTx,
  namespace: string,
  events: readonly TimedEvent[],
): Promise<void> {
  const keys = distinctSorted(events.map((event) => event.userKey));
  await announceUsers(tx, namespace, await pseudonymsOf(tx, namespace, keys));
}
