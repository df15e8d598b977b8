import type { RowResult } from "@recsys/contracts";
import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";
import { columnOf, isSet } from "./columns.ts";
import { toPage, type Page } from "./cursor.ts";
import { feedbackConditions, type FeedbackList } from "./feedback.ts";
import { ensurePartitions } from "./partitions.ts";
import { ensurePeople, type Identity } from "./people.ts";
import { newExposureIds, readClock } from "./receipts.ts";

/** What a person really saw of one slate. */
export interface NewExposure {
  readonly row: number;
  readonly requestId: string;
  readonly itemIds: readonly string[];
  readonly subject: Identity | null;
  /** Unix milliseconds; absent: the time of the first receipt. */
  readonly ts?: number | null;
  /** Absent: no duplicate of this row can be recognised. */
  readonly exposureId?: string | null;
}

export interface StoredExposure {
  readonly seq: number;
  readonly requestId: string;
  readonly itemId: string;
  readonly exposureId: string | null;
  readonly userKey: string | null;
  /** Unix milliseconds, as all times here. */
  readonly ts: number;
  readonly receivedAt: number;
  readonly contaminated: boolean;
}

/**
 * Confirms what was seen, one stored row an item. An exposure_id that was
 * received within the retry window, or earlier in the batch, is `duplicate`.
 */
export async function appendExposures(
  tx: TenantTx,
  namespace: string,
  rows: readonly NewExposure[],
): Promise<RowResult[]> {
  const people = await ensurePeople(
    tx,
    namespace,
    rows.flatMap((row) => row.subject ?? []),
  );
  const ids = rows.flatMap((row) => row.exposureId ?? []);
  const fresh = await newExposureIds(tx, namespace, ids);
  const accepted = rows.filter(
    (row) => !isSet(row.exposureId) || fresh.delete(row.exposureId),
  );
  const now = await readClock(tx);
  const seen = accepted.flatMap((row) =>
    [...new Set(row.itemIds)].map((itemId) => ({
      ...row,
      itemId,
      ts: row.ts ?? now,
      userKey: people.get(row.subject?.pseudonym ?? "")?.userKey ?? null,
    })),
  );
  await insertExposures(tx, namespace, { now, seen });
  const isAccepted = new Set(accepted.map((row) => row.row));
  return rows.map(({ row }) => ({
    row,
    status: isAccepted.has(row) ? "accepted" : "duplicate",
  }));
}

/** A page of exposures by time of receipt. */
export async function listExposures(
  tx: TenantTx,
  namespace: string,
  list: FeedbackList,
): Promise<Page<StoredExposure>> {
  const found = await sql<StoredExposure>`
    select f.seq, f.request_id as "requestId", f.item_id as "itemId",
           f.exposure_id as "exposureId", f.user_key as "userKey",
           recsys.unix_ms(f.ts) as ts,
           recsys.unix_ms(f.received_at) as "receivedAt", f.contaminated
      from public.exposures f
     where ${feedbackConditions(tx, namespace, list)}
     order by f.received_at, f.seq
     limit ${list.limit + 1}`.execute(tx.db);
  return toPage(found.rows, list.limit, (row) => [row.receivedAt, row.seq]);
}

interface SeenItem {
  readonly requestId: string;
  readonly itemId: string;
  readonly exposureId?: string | null;
  readonly userKey: string | null;
  readonly ts: number;
}

async function insertExposures(
  tx: TenantTx,
  namespace: string,
  batch: { readonly now: number; readonly seen: readonly SeenItem[] },
): Promise<void> {
  const { now, seen } = batch;
  if (seen.length === 0) return;
  await ensurePartitions(tx, "exposures", [now]);
  await sql`
    insert into public.exposures
           (tenant_id, namespace, received_at, request_id, item_id,
            exposure_id, user_key, ts)
    select ${tx.tenant}, ${namespace}, recsys.from_unix_ms(${now}::float8),
           n.request_id, n.item_id, n.exposure_id, n.user_key,
           recsys.from_unix_ms(n.ms)
      from unnest(
             ${columnOf(seen, (one) => one.requestId)}::uuid[],
             ${columnOf(seen, (one) => one.itemId)}::text[],
             ${columnOf(seen, (one) => one.exposureId)}::text[],
             ${columnOf(seen, (one) => one.userKey)}::uuid[],
             ${columnOf(seen, (one) => one.ts)}::float8[]
           ) as n (request_id, item_id, exposure_id, user_key, ms)`.execute(
    tx.db,
  );
}
