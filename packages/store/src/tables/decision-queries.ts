import type { DecisionRecord } from "@recsys/contracts";
import { sql, type RawBuilder } from "kysely";
import type { TenantTx } from "../database/store.ts";
import { decodeCursor, toPage, type Page, type PageRequest } from "./cursor.ts";
import { allOf } from "./filters.ts";

/** Which decisions: all conditions that are given must hold. Times in Unix milliseconds, `to` exclusive. */
export interface DecisionFilter {
  readonly surface?: string;
  readonly segment?: string;
  readonly userKey?: string;
  /** An item that the slate holds. */
  readonly itemId?: string;
  readonly degraded?: boolean;
  /** A rule that did something. */
  readonly ruleId?: string;
  /** A source that is given as a reason of an item of the slate. */
  readonly source?: string;
  /** Names of versions, or their numbers alone. */
  readonly configVersion?: string;
  readonly rulesVersion?: string;
  readonly manifestVersion?: string;
  readonly experiment?: string;
  readonly bandit?: string;
  readonly from?: number;
  readonly to?: number;
}

export interface StoredDecision {
  readonly requestId: string;
  /** Unix milliseconds. */
  readonly receivedAt: number;
  readonly shippedAt: number;
  readonly userKey: string | null;
  readonly contaminated: boolean;
  /** As ranking made it; `subject` is the user key instead of the pseudonym. */
  readonly record: DecisionRecord;
}

const COLUMNS = sql`
  d.request_id as "requestId", recsys.unix_ms(d.received_at) as "receivedAt",
  recsys.unix_ms(d.shipped_at) as "shippedAt", d.user_key as "userKey",
  d.contaminated, d.record`;

/** One decision of the tenant, or null. */
export async function findDecision(
  tx: TenantTx,
  requestId: string,
): Promise<StoredDecision | null> {
  const found = await sql<StoredDecision>`
    select ${COLUMNS}
      from public.decisions d
     where d.tenant_id = ${tx.tenant} and d.request_id = ${requestId}
       and d.received_at = recsys.uuid_time(${requestId}::uuid)`.execute(tx.db);
  const [row] = found.rows;
  return row === undefined ? null : withSubject(row);
}

/** A page of decisions, newest first. */
export async function listDecisions(
  tx: TenantTx,
  namespace: string,
  list: PageRequest & { readonly filter: DecisionFilter },
): Promise<Page<StoredDecision>> {
  const conditions = [within(tx, namespace), ...filtering(list.filter)];
  if (list.cursor !== undefined) {
    const [after] = decodeCursor(list.cursor, ["uuid"]);
    conditions.push(
      sql`(d.received_at, d.request_id) < (recsys.uuid_time(${after}::uuid), ${after}::uuid)`,
    );
  }
  const found = await sql<StoredDecision>`
    select ${COLUMNS}
      from public.decisions d
     where ${allOf(conditions)}
     order by d.received_at desc, d.request_id desc
     limit ${list.limit + 1}`.execute(tx.db);
  return toPage(found.rows.map(withSubject), list.limit, (row) => [
    row.requestId,
  ]);
}

/** `size` decisions drawn by the seed, the same for the same seed and rows; sorted by request_id. */
export async function sampleDecisions(
  tx: TenantTx,
  namespace: string,
  draw: {
    readonly size: number;
    readonly seed: number;
    readonly filter?: DecisionFilter;
  },
): Promise<readonly StoredDecision[]> {
  const found = await sql<StoredDecision>`
    select ${COLUMNS}
      from (select d.tenant_id, d.request_id, d.received_at
              from public.decisions d
             where ${allOf([within(tx, namespace), ...filtering(draw.filter ?? {})])}
             order by md5(d.request_id::text || ' ' || ${String(draw.seed)}),
                      d.request_id
             limit ${draw.size}) k
      join public.decisions d using (tenant_id, request_id, received_at)
     order by d.request_id`.execute(tx.db);
  return found.rows.map(withSubject);
}

export interface Unmatched {
  readonly exposures: number;
  readonly outcomes: number;
}

/**
 * Exposures and outcomes received within the window whose request_id no
 * decision of the tenant has an hour later. Times in Unix milliseconds.
 */
export async function countUnmatched(
  tx: TenantTx,
  namespace: string,
  since: number,
): Promise<Unmatched> {
  const count = async (table: "exposures" | "outcomes") => {
    const found = await sql<{ unmatched: number }>`
      select count(*) as unmatched
        from ${sql.table(`public.${table}`)} f
       where f.tenant_id = ${tx.tenant} and f.namespace = ${namespace}
         and f.received_at >= recsys.from_unix_ms(${since}::float8)
         and f.received_at < (select recsys.now()) - interval '1 hour'
         and not exists (
               select 1
                 from public.decisions d
                where d.tenant_id = f.tenant_id
                  and d.request_id = f.request_id
                  and d.received_at = recsys.uuid_time(f.request_id))`.execute(
      tx.db,
    );
    return found.rows[0]?.unmatched ?? 0;
  };
  return {
    exposures: await count("exposures"),
    outcomes: await count("outcomes"),
  };
}

function withSubject(row: StoredDecision): StoredDecision {
  return { ...row, record: { ...row.record, subject: row.userKey } };
}

function within(tx: TenantTx, namespace: string): RawBuilder<unknown> {
  return sql`d.tenant_id = ${tx.tenant} and d.namespace = ${namespace}`;
}

function filtering(filter: DecisionFilter): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [];
  const { surface, segment, userKey, itemId, degraded, from, to } = filter;
  if (surface !== undefined) conditions.push(sql`d.surface = ${surface}`);
  if (segment !== undefined) conditions.push(sql`d.segment = ${segment}`);
  if (userKey !== undefined) conditions.push(sql`d.user_key = ${userKey}`);
  if (itemId !== undefined) {
    conditions.push(sql`${itemId} = any(d.item_ids)`);
  }
  if (degraded !== undefined) {
    conditions.push(sql`(cardinality(d.degraded) > 0) = ${degraded}`);
  }
  if (from !== undefined) {
    conditions.push(sql`d.received_at >= recsys.from_unix_ms(${from}::float8)`);
  }
  if (to !== undefined) {
    conditions.push(sql`d.received_at < recsys.from_unix_ms(${to}::float8)`);
  }
  return [...conditions, ...filteringRecord(filter)];
}

/** Conditions on the record itself: they read what the others leave. */
function filteringRecord(filter: DecisionFilter): RawBuilder<unknown>[] {
  const { ruleId, source, experiment, bandit } = filter;
  const conditions = VERSIONS.flatMap(([field, key]) => {
    const wanted = filter[key];
    if (wanted === undefined) return [];
    const name = sql`d.record -> 'versions' ->> ${field}`;
    return [sql`${wanted} in (${name}, split_part(${name}, '-', 1))`];
  });
  if (ruleId !== undefined) conditions.push(hasEntry("rules", ruleId));
  if (experiment !== undefined) {
    conditions.push(hasEntry("experiments", experiment));
  }
  if (bandit !== undefined) conditions.push(hasEntry("bandits", bandit));
  if (source !== undefined) {
    conditions.push(sql`exists (
      select from json_array_elements(d.record -> 'slate') s,
                  json_array_elements(s -> 'reasons') r
       where r ->> 'source' = ${source})`);
  }
  return conditions;
}

const VERSIONS = [
  ["config_version", "configVersion"],
  ["rules_version", "rulesVersion"],
  ["manifest_version", "manifestVersion"],
] as const;

function hasEntry(list: string, id: string): RawBuilder<unknown> {
  return sql`exists (
    select from json_array_elements(coalesce(d.record -> ${list}, '[]'::json)) e
     where coalesce(e ->> 'id', e ->> 'bandit') = ${id})`;
}
