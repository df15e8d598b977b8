import { DAY_MS, type DecisionRecord } from "@recsys/contracts";
import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";
import { distinctSorted } from "./columns.ts";
import { isUserKey } from "./people.ts";
import { announceSome } from "./user-changes.ts";
import { uuidTime } from "./uuid-time.ts";

/** What an erasure found. */
export interface Erased {
  /** People behind the pseudonyms; sessions that went with them are not counted. */
  readonly people: number;
  /** Rows deleted, of all tables. */
  readonly rows: number;
}

/**
 * Deletes every row of the people behind pseudonyms, and of the sessions that
 * they were seen in, and remembers keys and pseudonyms, so that neither a
 * restored backup nor what is under way brings them back. Once per
 * transaction, before anything else that locks people.
 */
export async function erasePeople(
  tx: TenantTx,
  namespace: string,
  pseudonyms: readonly string[],
): Promise<Erased> {
  const { rows } = await sql<Erased & { pseudonyms: string[] }>`
    select e.people, e.gone as rows, e.pseudonyms
      from recsys.erase_people(${namespace}, ${pseudonyms}::text[]) as e`.execute(
    tx.db,
  );
  const [erased = { people: 0, rows: 0, pseudonyms: [] }] = rows;
  await announceSome(tx, namespace, {
    pseudonyms: erased.pseudonyms,
    isErased: true,
  });
  return { people: erased.people, rows: erased.rows };
}

/**
 * Waits for erasures under way and holds up further ones until the transaction
 * ends. Taken before people are locked, in whose order erasures follow.
 */
export async function holdErasures(tx: TenantTx): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(hashtextextended('recsys.erasures.' || ${tx.tenant}, 0))`.execute(
    tx.db,
  );
}

/** For so long an erasure remembers pseudonyms; the migration has the same number. */
const REMEMBERED_MS = 30 * DAY_MS;

/**
 * The decisions that may be stored: not those of people who were erased after
 * they had asked, not those that were made from what was known of them before
 * (a state in memory may outlive the erasure by a moment), and not those that waited longer than erasures are
 * remembered for somebody whom nobody knows (any more). No erasure happens
 * between this and the end of the transaction.
 */
export async function withoutErased(
  tx: TenantTx,
  namespace: string,
  batch: { readonly records: readonly DecisionRecord[]; readonly now: number },
): Promise<readonly DecisionRecord[]> {
  const subjects = distinctSorted(
    batch.records.flatMap(({ subject }) => subject ?? []),
  );
  if (subjects.length === 0) return batch.records;
  await holdErasures(tx);
  const keys = await erasedKeys(
    tx,
    namespace,
    batch.records.flatMap(({ user_state }) =>
      isUserKey(user_state.bucket_key) ? [user_state.bucket_key] : [],
    ),
  );
  const found = await sql<{
    readonly subject: string;
    readonly isKnown: boolean;
    readonly erasedAt: number | null;
  }>`
    select s.subject, p.pseudonym is not null as "isKnown",
           recsys.unix_ms(e.erased_at) as "erasedAt"
      from unnest(${subjects}::text[]) as s (subject)
      left join public.people p
        on p.tenant_id = ${tx.tenant} and p.namespace = ${namespace}
       and p.pseudonym = s.subject
      left join public.erased_pseudonyms e
        on e.tenant_id = ${tx.tenant} and e.namespace = ${namespace}
       and e.pseudonym = s.subject`.execute(tx.db);
  const bySubject = new Map(found.rows.map((row) => [row.subject, row]));
  return batch.records.filter((record) => {
    if (keys.has(record.user_state.bucket_key)) return false;
    const row = bySubject.get(record.subject ?? "");
    if (row === undefined) return true;
    const askedAt = uuidTime(record.request_id) ?? 0;
    if (row.erasedAt !== null && askedAt <= row.erasedAt) return false;
    return row.isKnown || askedAt > batch.now - REMEMBERED_MS;
  });
}

/** Those of the keys that were erased. */
async function erasedKeys(
  tx: TenantTx,
  namespace: string,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = await sql<{ readonly key: string }>`
    select e.user_key as key
      from public.erasures e
     where e.tenant_id = ${tx.tenant} and e.namespace = ${namespace}
       and e.user_key = any(${distinctSorted(keys)}::uuid[])`.execute(tx.db);
  return new Set(found.rows.map(({ key }) => key));
}
