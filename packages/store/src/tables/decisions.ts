import { DAY_MS, type DecisionRecord } from "@recsys/contracts";
import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";
import { noteTrials } from "./bandit-trials.ts";
import { columnOf, distinctSorted } from "./columns.ts";
import { withoutErased } from "./erasures.ts";
import { EARLIEST_EVENT_MS, ensurePartitions } from "./partitions.ts";
import { ensurePeople, isUserKey, type Person } from "./people.ts";
import { readClock } from "./receipts.ts";
import { uuidTime } from "./uuid-time.ts";

export interface ShippedDecisions {
  readonly stored: number;
  /** Records that an earlier shipping stored. */
  readonly duplicates: number;
  /** Records of people who were erased since; they are gone for good. */
  readonly erased: number;
  /** Records that can never be stored, with the reason; ship the rest without them. */
  readonly refused: readonly {
    readonly requestId: string;
    readonly reason: string;
  }[];
}

/**
 * Stores decision records, each once however often it is shipped: the day of
 * a decision is the time inside its request_id, so a repetition meets the same
 * unique index on any later day. Pseudonyms become keys and are dropped, and
 * nobody who was erased comes back.
 */
export async function shipDecisions(
  tx: TenantTx,
  namespace: string,
  records: readonly DecisionRecord[],
): Promise<ShippedDecisions> {
  const here = { tenant: tx.tenant, namespace, now: await readClock(tx) };
  const refused = records.flatMap((record) => {
    const reason = whyRefused(record, here);
    return reason === null ? [] : [{ requestId: record.request_id, reason }];
  });
  const isRefused = new Set(refused.map(({ requestId }) => requestId));
  const acceptable = records.filter(
    (record) => !isRefused.has(record.request_id),
  );
  const accepted = await withoutErased(tx, namespace, {
    records: acceptable,
    now: here.now,
  });
  const people = await ensurePeople(
    tx,
    namespace,
    accepted.flatMap(({ subject }) =>
      subject === null
        ? []
        : [{ kind: null, pseudonym: subject, externalId: null }],
    ),
  );
  const stored = await insertDecisions(tx, namespace, {
    records: accepted,
    personOf: (record) => people.get(record.subject ?? "") ?? null,
  });
  await noteTrials(
    tx,
    namespace,
    accepted.filter(({ request_id }) => stored.has(request_id)),
  );
  return {
    stored: stored.size,
    duplicates: accepted.length - stored.size,
    erased: acceptable.length - accepted.length,
    refused,
  };
}

/** Who asked for these decisions, by request_id, as far as they are shipped and name somebody. */
export async function subjectsOfDecisions(
  tx: TenantTx,
  requestIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const ids = distinctSorted(requestIds);
  if (ids.length === 0) return new Map();
  const found = await sql<{ requestId: string; userKey: string }>`
    select d.request_id as "requestId", d.user_key as "userKey"
      from unnest(${ids}::uuid[]) as n (id)
      join public.decisions d
        on d.request_id = n.id and d.received_at = recsys.uuid_time(n.id)
     where d.tenant_id = ${tx.tenant} and d.user_key is not null`.execute(
    tx.db,
  );
  return new Map(found.rows.map((row) => [row.requestId, row.userKey]));
}

function whyRefused(
  record: DecisionRecord,
  here: {
    readonly tenant: string;
    readonly namespace: string;
    readonly now: number;
  },
): string | null {
  if (record.tenant !== here.tenant || record.namespace !== here.namespace) {
    return "belongs to another tenant or namespace";
  }
  const time = uuidTime(record.request_id);
  if (time === null) return "request_id is not a UUIDv7";
  if (time < EARLIEST_EVENT_MS || time > here.now + DAY_MS) {
    return "the time in request_id is no time of this service";
  }
  return null;
}

async function insertDecisions(
  tx: TenantTx,
  namespace: string,
  batch: {
    readonly records: readonly DecisionRecord[];
    readonly personOf: (record: DecisionRecord) => Person | null;
  },
): Promise<ReadonlySet<string>> {
  const { records, personOf } = batch;
  if (records.length === 0) return new Set();
  await ensurePartitions(
    tx,
    "decisions",
    records.flatMap((record) => uuidTime(record.request_id) ?? []),
  );
  const inserted = await sql<{ readonly id: string }>`
    insert into public.decisions
           (tenant_id, namespace, request_id, received_at, shipped_at,
            user_key, route, surface, segment, item_ids, degraded, record)
    select ${tx.tenant}, ${namespace}, n.request_id,
           recsys.uuid_time(n.request_id), recsys.now(), n.user_key, n.route,
           n.surface, n.segment,
           array(select json_array_elements_text(n.item_ids)),
           array(select json_array_elements_text(n.degraded)),
           n.record
      from rows from (unnest(
             ${columnOf(records, (d) => d.request_id)}::uuid[],
             ${columnOf(records, (d) => personOf(d)?.userKey)}::uuid[],
             ${columnOf(records, (d) => d.request.route)}::text[],
             ${columnOf(records, (d) => d.request.surface)}::text[],
             ${columnOf(records, (d) => d.segment ?? d.request.segment)}::text[]
           ),
           json_array_elements(${jsonArray(records, (d) => JSON.stringify(d.slate.map((item) => item.item_id)))}::json),
           json_array_elements(${jsonArray(records, (d) => JSON.stringify(d.degraded.map(({ part }) => part)))}::json),
           json_array_elements(${jsonArray(records, (d) => toStoredText(d, personOf(d)))}::json)
           ) as n (request_id, user_key, route, surface, segment, item_ids,
                   degraded, record)
     order by n.request_id
        on conflict (tenant_id, request_id, received_at) do nothing
    returning request_id as id`.execute(tx.db);
  return new Set(inserted.rows.map(({ id }) => id));
}

/** JSON texts as one JSON array: as an array of Postgres every quote would be escaped, which takes ten times as long as writing the JSON. */
function jsonArray(
  records: readonly DecisionRecord[],
  toText: (record: DecisionRecord) => string,
): string {
  return `[${records.map(toText).join(",")}]`;
}

/** The record without its pseudonym, which may also stand in as bucket key of a new visitor. */
function toStoredText(record: DecisionRecord, person: Person | null): string {
  const bucket = record.user_state.bucket_key;
  return JSON.stringify({
    ...record,
    subject: null,
    user_state: {
      ...record.user_state,
      bucket_key: isUserKey(bucket) ? bucket : (person?.bucketKey ?? ""),
    },
  });
}
