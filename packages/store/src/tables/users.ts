import {
  canonicalJson,
  type AttributeValue,
  type RowResult,
  type UserInput,
} from "@recsys/contracts";
import { sql, type RawBuilder } from "kysely";
import type { TenantTx } from "../database/store.ts";
import { distinctSorted } from "./columns.ts";
import { decodeCursor, toPage, type Page, type PageRequest } from "./cursor.ts";
import { erasePeople, type Erased } from "./erasures.ts";
import { allOf, refuseEmpty } from "./filters.ts";
import { mergeKeys } from "./item-patch.ts";
import { ensurePeople, pseudonymsOf } from "./people.ts";
import { announceUsers } from "./user-changes.ts";

/** Which users: all conditions that are given must hold. */
export interface UserFilter {
  readonly pseudonyms?: readonly string[];
  readonly trait?: { readonly key: string; readonly value: AttributeValue };
}

export interface StoredUser {
  readonly userId: string;
  readonly pseudonym: string;
  readonly userKey: string;
  readonly traits: Readonly<Record<string, AttributeValue>>;
  readonly locale: string | null;
  readonly consent: "granted" | "denied" | "unknown";
  /** Unix milliseconds. */
  readonly firstSeenAt: number;
  /** Unix milliseconds; null for users known by their events only. */
  readonly updatedAt: number | null;
}

const NEW_PROFILE: Profile = { traits: {}, locale: null, consent: "unknown" };

/** One row of a batch: what was sent, and the pseudonym of its user_id. */
export interface UserRow {
  readonly row: number;
  readonly pseudonym: string;
  readonly input: UserInput;
}

/** What is known of a user beside identifiers. */
interface Profile {
  readonly traits: Readonly<Record<string, AttributeValue>>;
  readonly locale: string | null;
  readonly consent: StoredUser["consent"];
}

/**
 * Applies partial updates in the order of the batch: absent fields keep their
 * value, null clears, traits merge key by key. A row that changes nothing is
 * `duplicate`.
 */
export async function upsertUsers(
  tx: TenantTx,
  namespace: string,
  rows: readonly UserRow[],
): Promise<RowResult[]> {
  const people = await ensurePeople(
    tx,
    namespace,
    rows.map(({ pseudonym, input }) => {
      return { kind: "user", pseudonym, externalId: input.user_id };
    }),
  );
  const keyOf = (pseudonym: string) => people.get(pseudonym)?.userKey ?? "";
  const keys = distinctSorted(
    [...people.values()].map((person) => person.userKey),
  );
  const made = await makeProfiles(tx, namespace, keys);
  const profiles = await lockProfiles(tx, namespace, keys);
  const changed = new Set<string>();
  const results = rows.map(({ row, pseudonym, input }): RowResult => {
    const key = keyOf(pseudonym);
    const current = profiles.get(key) ?? NEW_PROFILE;
    const next = patchProfile(current, input);
    const isNew = made.delete(key);
    if (!isNew && canonicalJson(current) === canonicalJson(next)) {
      return { row, status: "duplicate" };
    }
    profiles.set(key, next);
    changed.add(key);
    return { row, status: "accepted" };
  });
  await writeProfiles(
    tx,
    namespace,
    new Map([...profiles].filter(([key]) => changed.has(key))),
  );
  await announceUsers(
    tx,
    namespace,
    await pseudonymsOf(tx, namespace, [...changed]),
  );
  return results;
}

/** A page of known users by user_id; visitors without one are not listed. */
export async function listUsers(
  tx: TenantTx,
  namespace: string,
  list: PageRequest & { readonly filter: UserFilter },
): Promise<Page<StoredUser>> {
  const conditions = [within(tx, namespace), ...filtering(list.filter)];
  if (list.cursor !== undefined) {
    const [after] = decodeCursor(list.cursor, ["text"]);
    conditions.push(sql`p.external_id > ${after}`);
  }
  const found = await sql<StoredUser>`
    select p.external_id as "userId", p.pseudonym, p.user_key as "userKey",
           coalesce(u.traits, '{}') as traits, u.locale,
           coalesce(u.consent, 'unknown') as consent,
           recsys.unix_ms(p.first_seen_at) as "firstSeenAt",
           recsys.unix_ms(u.updated_at) as "updatedAt"
      from public.people p
      left join public.users u
        on u.tenant_id = p.tenant_id and u.namespace = p.namespace
       and u.user_key = p.user_key
     where ${allOf(conditions)}
     order by p.external_id
     limit ${list.limit + 1}`.execute(tx.db);
  return toPage(found.rows, list.limit, ({ userId }) => [userId]);
}

/** So many people go in one transaction at most when a condition selects them. */
const ERASED_AT_ONCE = 100;

/**
 * Erases the people that meet all conditions: everything that is stored about
 * them and the sessions that they were seen in. Pseudonyms need no profile,
 * not even a stored row. By a trait at most 100 go in one call: call it again
 * until `isDone`. An empty filter is refused.
 */
export async function deleteUsers(
  tx: TenantTx,
  namespace: string,
  filter: UserFilter,
): Promise<Erased & { readonly isDone: boolean }> {
  refuseEmpty(filter);
  if (filter.trait === undefined) {
    const { pseudonyms = [] } = filter;
    const erased = await erasePeople(tx, namespace, pseudonyms);
    return { ...erased, isDone: true };
  }
  const conditions = [within(tx, namespace), ...filtering(filter)];
  const found = await sql<{ pseudonym: string }>`
    select p.pseudonym
      from public.people p
      join public.users u
        on u.tenant_id = p.tenant_id and u.namespace = p.namespace
       and u.user_key = p.user_key
     where ${allOf(conditions)}
     order by p.pseudonym
     limit ${ERASED_AT_ONCE}`.execute(tx.db);
  const pseudonyms = found.rows.map((row) => row.pseudonym);
  const erased = await erasePeople(tx, namespace, pseudonyms);
  return { ...erased, isDone: pseudonyms.length < ERASED_AT_ONCE };
}

function patchProfile(current: Profile, input: UserInput): Profile {
  return {
    traits: mergeKeys(current.traits, input.traits),
    locale: input.locale === undefined ? current.locale : input.locale,
    consent: input.consent ?? current.consent,
  };
}

/** Makes empty rows where none are, so that there is a row to lock; returns the keys of new ones. */
async function makeProfiles(
  tx: TenantTx,
  namespace: string,
  keys: readonly string[],
): Promise<Set<string>> {
  const made = await sql<{ userKey: string }>`
    insert into public.users (tenant_id, namespace, user_key)
    select ${tx.tenant}, ${namespace}, n.user_key
      from unnest(${keys}::uuid[]) as n (user_key)
     order by n.user_key
        on conflict do nothing
    returning user_key as "userKey"`.execute(tx.db);
  return new Set(made.rows.map((row) => row.userKey));
}

async function lockProfiles(
  tx: TenantTx,
  namespace: string,
  keys: readonly string[],
): Promise<Map<string, Profile>> {
  const found = await sql<Profile & { userKey: string }>`
    select u.user_key as "userKey", u.traits, u.locale, u.consent
      from public.users u
     where u.tenant_id = ${tx.tenant} and u.namespace = ${namespace}
       and u.user_key = any(${keys}::uuid[])
     order by u.user_key
       for update`.execute(tx.db);
  return new Map(
    found.rows.map(({ userKey, ...profile }) => [userKey, profile]),
  );
}

async function writeProfiles(
  tx: TenantTx,
  namespace: string,
  profiles: ReadonlyMap<string, Profile>,
): Promise<void> {
  const rows = [...profiles.values()];
  await sql`
    update public.users u
       set traits = n.traits, locale = n.locale, consent = n.consent,
           updated_at = recsys.now()
      from unnest(
             ${[...profiles.keys()]}::uuid[],
             ${rows.map((row) => JSON.stringify(row.traits))}::jsonb[],
             ${rows.map((row) => row.locale)}::text[],
             ${rows.map((row) => row.consent)}::text[]
           ) as n (user_key, traits, locale, consent)
     where u.tenant_id = ${tx.tenant} and u.namespace = ${namespace}
       and u.user_key = n.user_key`.execute(tx.db);
}

function within(tx: TenantTx, namespace: string): RawBuilder<unknown> {
  return sql`p.tenant_id = ${tx.tenant} and p.namespace = ${namespace} and p.kind = 'user'`;
}

function filtering(filter: UserFilter): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [];
  const { pseudonyms, trait } = filter;
  if (pseudonyms !== undefined) {
    conditions.push(sql`p.pseudonym = any(${pseudonyms}::text[])`);
  }
  if (trait !== undefined) {
    const wanted = JSON.stringify({ [trait.key]: trait.value });
    conditions.push(sql`u.traits @> ${wanted}::jsonb`);
  }
  return conditions;
}
