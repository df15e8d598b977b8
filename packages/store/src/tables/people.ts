import { sql, type RawBuilder } from "kysely";
import type { TenantTx } from "../database/store.ts";
import { columnOf, distinctSorted } from "./columns.ts";

export type IdentityKind = "user" | "anonymous" | "session";

/** An identifier that a caller sent, with its HMAC pseudonym. */
export interface Identity {
  readonly kind: IdentityKind;
  readonly pseudonym: string;
  readonly externalId: string;
}

/** Whom an identity stands for. */
export interface Person {
  readonly pseudonym: string;
  readonly userKey: string;
  readonly bucketKey: string;
  /** Null while only a decision was logged for the identity. */
  readonly kind: IdentityKind | null;
  readonly externalId: string | null;
}

const KEY = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether the text is a user_key; the bucket of a new visitor is a pseudonym. */
export function isUserKey(text: string): boolean {
  return KEY.test(text);
}

/** An identity as shipped decisions know it: its pseudonym alone. */
interface BareIdentity {
  readonly kind: null;
  readonly pseudonym: string;
  readonly externalId: null;
}

/**
 * The people behind identities, by pseudonym; those never seen before are
 * made. Their rows stay locked against a merge until the transaction ends, so
 * that rows written under the returned keys cannot miss it. Call it once per
 * transaction: locks are taken in order of pseudonym.
 */
export async function ensurePeople(
  tx: TenantTx,
  namespace: string,
  identities: readonly (Identity | BareIdentity)[],
): Promise<Map<string, Person>> {
  const wanted = new Map<string, Identity | BareIdentity>();
  for (const identity of identities) {
    const known = wanted.get(identity.pseudonym);
    if (known === undefined || known.kind === null)
      wanted.set(identity.pseudonym, identity);
  }
  const pseudonyms = distinctSorted(wanted.keys());
  if (pseudonyms.length === 0) return new Map();
  const people = await lockPeople(tx, namespace, pseudonyms);
  const missing = pseudonyms.filter((pseudonym) => {
    const person = people.get(pseudonym);
    return (
      person === undefined ||
      (person.kind === null && wanted.get(pseudonym)?.kind !== null)
    );
  });
  if (missing.length === 0) return people;
  await insertPeople(
    tx,
    namespace,
    missing.flatMap((pseudonym) => wanted.get(pseudonym) ?? []),
  );
  const made = await lockPeople(tx, namespace, missing);
  for (const [pseudonym, person] of made) people.set(pseudonym, person);
  return people;
}

/** The person behind one pseudonym, or null. */
export async function findPerson(
  tx: TenantTx,
  namespace: string,
  pseudonym: string,
): Promise<Person | null> {
  const found = await sql<Person>`
    select p.pseudonym, p.user_key as "userKey", p.bucket_key as "bucketKey",
           p.kind, p.external_id as "externalId"
      from public.people p
     where p.tenant_id = ${tx.tenant} and p.namespace = ${namespace}
       and p.pseudonym = ${pseudonym}`.execute(tx.db);
  return found.rows[0] ?? null;
}

/** Every pseudonym of the people with these keys: what caches of user state are keyed by. */
export async function pseudonymsOf(
  tx: TenantTx,
  namespace: string,
  userKeys: readonly string[],
): Promise<string[]> {
  const found = await sql<{ pseudonym: string }>`
    select p.pseudonym
      from public.people p
     where p.tenant_id = ${tx.tenant} and p.namespace = ${namespace}
       and p.user_key = any(${userKeys}::uuid[])
     order by p.pseudonym`.execute(tx.db);
  return found.rows.map((row) => row.pseudonym);
}

async function lockPeople(
  tx: TenantTx,
  namespace: string,
  pseudonyms: readonly string[],
): Promise<Map<string, Person>> {
  const found = await sql<Person>`
    select p.pseudonym, p.user_key as "userKey", p.bucket_key as "bucketKey",
           p.kind, p.external_id as "externalId"
      from public.people p
     where p.tenant_id = ${tx.tenant} and p.namespace = ${namespace}
       and p.pseudonym = any(${pseudonyms}::text[])
     order by p.pseudonym
       for key share`.execute(tx.db);
  return new Map(found.rows.map((person) => [person.pseudonym, person]));
}

async function insertPeople(
  tx: TenantTx,
  namespace: string,
  identities: readonly (Identity | BareIdentity)[],
): Promise<void> {
  const pseudonyms = columnOf(identities, (one) => one.pseudonym);
  const kinds = columnOf(identities, (one) => one.kind);
  const ids = columnOf(identities, (one) => one.externalId);
  await sql`
    insert into public.people as p
           (tenant_id, namespace, pseudonym, user_key, kind, external_id,
            bucket_key, bucket_since)
    select ${tx.tenant}, ${namespace}, n.pseudonym, n.user_key, n.kind,
           n.external_id, n.user_key::text, recsys.now()
      from (select u.*, gen_random_uuid() as user_key
              from unnest(${pseudonyms}::text[], ${kinds}::text[],
                          ${ids}::text[]) as u (pseudonym, kind, external_id)
            offset 0) n
     order by n.pseudonym collate "C"
        on conflict (tenant_id, namespace, pseudonym) do update
           set kind = excluded.kind, external_id = excluded.external_id
         where p.kind is null and excluded.kind is not null`.execute(tx.db);
}

/** Pseudonyms in their order from a place on, and from the beginning where that ends. */
export async function samplePseudonyms(
  tx: TenantTx,
  namespace: string,
  draw: { readonly size: number; readonly from: string },
): Promise<readonly string[]> {
  const read = async (
    condition: RawBuilder<unknown>,
    limit: number,
  ): Promise<string[]> => {
    const { rows } = await sql<{ pseudonym: string }>`
      select pseudonym from public.people
       where tenant_id = ${tx.tenant} and namespace = ${namespace}
         and ${condition}
       order by pseudonym limit ${limit}`.execute(tx.db);
    return rows.map((row) => row.pseudonym);
  };
  const after = await read(sql`pseudonym >= ${draw.from}`, draw.size);
  const missing = draw.size - after.length;
  if (missing === 0) return after;
  return [...after, ...(await read(sql`pseudonym < ${draw.from}`, missing))];
}
