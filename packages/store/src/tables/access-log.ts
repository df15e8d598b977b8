import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";
import { decodeCursor, toPage, type Page, type PageRequest } from "./cursor.ts";
import { allOf } from "./filters.ts";

/** What was read of people. */
export type AccessKind =
  | "decisions"
  | "decision"
  | "why_not"
  | "events"
  | "exposures"
  | "outcomes"
  | "users"
  | "audience"
  | "export"
  | "report";

/** One reading of what people did. */
export interface NewAccess {
  readonly actor: string;
  readonly actorKind: "human" | "service";
  readonly kind: AccessKind;
  readonly shown: "personal" | "pseudonyms";
  /** The person that was asked about, where one was. */
  readonly userKey?: string | null;
  /** The request_id of the decision that was read. */
  readonly decisionId?: string;
  readonly purpose: string | null;
  /** Rows of the answer; left out where they are streamed. */
  readonly rows?: number;
  /** Unix milliseconds: until when what was handed out may be kept. */
  readonly expiresAt?: number;
}

export interface AccessEntry extends Omit<
  NewAccess,
  "userKey" | "decisionId" | "rows" | "expiresAt"
> {
  readonly accessId: string;
  /** Unix milliseconds. */
  readonly at: number;
  readonly namespace: string;
  readonly userKey: string | null;
  readonly decisionId: string | null;
  readonly rows: number | null;
  readonly expiresAt: number | null;
}

/** Conditions that must all hold; times in Unix milliseconds, `to` exclusive. */
export interface AccessFilter {
  readonly actor?: string;
  readonly kind?: AccessKind;
  readonly userKey?: string;
  readonly from?: number;
  readonly to?: number;
}

/** Appends a record; it can be neither changed nor deleted by the application. */
export async function recordAccess(
  tx: TenantTx,
  namespace: string,
  access: NewAccess,
): Promise<void> {
  await sql`
    insert into public.access_log
           (tenant_id, namespace, actor, actor_kind, kind, shown, user_key,
            decision_id, purpose, rows, expires_at)
    values (${tx.tenant}, ${namespace}, ${access.actor}, ${access.actorKind},
            ${access.kind}, ${access.shown}, ${access.userKey ?? null}::uuid,
            ${access.decisionId ?? null}::uuid, ${access.purpose},
            ${access.rows ?? null}::bigint,
            recsys.from_unix_ms(${access.expiresAt ?? null}::float8))`.execute(
    tx.db,
  );
}

/** A page of the records of a namespace, newest first. */
export async function listAccess(
  tx: TenantTx,
  namespace: string,
  list: PageRequest & { readonly filter: AccessFilter },
): Promise<Page<AccessEntry>> {
  const { actor, kind, userKey, from, to } = list.filter;
  const conditions = [
    sql`a.tenant_id = ${tx.tenant} and a.namespace = ${namespace}`,
  ];
  if (actor !== undefined) conditions.push(sql`a.actor = ${actor}`);
  if (kind !== undefined) conditions.push(sql`a.kind = ${kind}`);
  if (userKey !== undefined) conditions.push(sql`a.user_key = ${userKey}`);
  if (from !== undefined) {
    conditions.push(sql`a.at >= recsys.from_unix_ms(${from}::float8)`);
  }
  if (to !== undefined) {
    conditions.push(sql`a.at < recsys.from_unix_ms(${to}::float8)`);
  }
  if (list.cursor !== undefined) {
    const [after] = decodeCursor(list.cursor, ["uuid"]);
    conditions.push(
      sql`(a.at, a.access_id) < (select b.at, b.access_id
             from public.access_log b
            where b.tenant_id = ${tx.tenant} and b.access_id = ${after}::uuid)`,
    );
  }
  const found = await sql<AccessEntry>`
    select a.access_id as "accessId", recsys.unix_ms(a.at) as at, a.namespace,
           a.actor, a.actor_kind as "actorKind", a.kind, a.shown,
           a.user_key as "userKey", a.decision_id as "decisionId", a.purpose,
           a.rows, recsys.unix_ms(a.expires_at) as "expiresAt"
      from public.access_log a
     where ${allOf(conditions)}
     order by a.at desc, a.access_id desc
     limit ${list.limit + 1}`.execute(tx.db);
  return toPage(found.rows, list.limit, (row) => [row.accessId]);
}
