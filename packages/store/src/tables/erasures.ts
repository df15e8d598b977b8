import { DAY_MS, type DecisionRecord } from "@recsys/contracts";
import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";
import { distinctSorted } from "./columns.ts";
import { pseudonymsOf } from "./people.ts";
import { announceUsers } from "./user-changes.ts";
import { uuidTime } from "./uuid-time.ts";

/**
 * Deletes every row of a person, and of the sessions that the person was seen
 * in, and remembers the keys, so that a restored backup forgets them again.
 * Returns the number of rows deleted.
 */
export async function erasePerson(
  tx: TenantTx,
  namespace: string,
  userKey: string,
): Promise<number> {
  const linked = await sql<{ keys: string[] }>`
    select recsys.keys_of_person(${namespace}, ${userKey}::uuid) as keys`.execute(
    tx.db,
  );
  const pseudonyms = await pseudonymsOf(
    tx,
    namespace,
    linked.rows[0]?.keys ?? [],
  );
  await announceUsers(tx, namespace, pseudonyms);
  const { rows } = await sql<{ gone: number }>`
    select recsys.erase_person(${namespace}, ${userKey}::uuid) as gone`.execute(
    tx.db,
  );
  return rows[0]?.gone ?? 0;
}

/** For so long an erasure remembers pseudonyms; the migration has the same number. */
const REMEMBERED_MS = 30 * DAY_MS;

/**
 * The decisions that may be stored: not those of people who were erased after
 * they had asked, and not those that waited longer than erasures are
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
  await sql`select pg_advisory_xact_lock_shared(hashtextextended('recsys.erasures.' || ${tx.tenant}, 0))`.execute(
    tx.db,
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
    const row = bySubject.get(record.subject ?? "");
    if (row === undefined) return true;
    const askedAt = uuidTime(record.request_id) ?? 0;
    if (row.erasedAt !== null && askedAt <= row.erasedAt) return false;
    return row.isKnown || askedAt > batch.now - REMEMBERED_MS;
  });
}
