import type { UserState } from "@recsys/contracts";
import { type Kysely, sql } from "kysely";
import type { TenantTx } from "../database/store.ts";
import type { Schema } from "../schema.ts";
import { toUserEvent, type StoredUserEvent } from "./event-queries.ts";

/**
 * What ranking needs to know of people, by pseudonym: the newest events,
 * traits, consent and bucket of each in one indexed read, with the lists shown
 * on request. Those never seen are left out.
 */
export async function loadUserStates(
  tx: TenantTx,
  namespace: string,
  wanted: {
    readonly pseudonyms: readonly string[];
    readonly limit: number;
    /** How many of the newest lists shown, where anything asks for them. */
    readonly lists?: number;
  },
): Promise<ReadonlyMap<string, UserState>> {
  const impressions =
    wanted.lists === undefined
      ? sql``
      : sql`, recsys.newest_lists(p.user_key, ${wanted.lists}) as impressions`;
  const found = await sql<
    Omit<UserState, "events" | "locale"> & {
      readonly locale: string | null;
      readonly pseudonym: string;
      readonly events: readonly StoredUserEvent[];
    }
  >`
    select p.pseudonym, p.bucket_key,
           coalesce(u.traits, '{}') as traits,
           coalesce(u.consent, 'unknown') as consent, u.locale,
           recsys.newest_events(p.user_key, ${wanted.limit}) as events
           ${impressions}
      from public.people p
      left join public.users u
        on u.tenant_id = p.tenant_id and u.namespace = p.namespace
       and u.user_key = p.user_key
     where p.tenant_id = ${tx.tenant} and p.namespace = ${namespace}
       and p.pseudonym = any(${[...wanted.pseudonyms]}::text[])`.execute(tx.db);
  return new Map(
    found.rows.map(({ pseudonym, locale, ...state }) => [
      pseudonym,
      {
        ...state,
        ...(locale === null ? {} : { locale }),
        events: state.events.map(toUserEvent),
      },
    ]),
  );
}

/** Reads the events of nobody, so that a connection has the plan of the read that lists wait for. */
export async function planUserStates(db: Kysely<Schema>): Promise<void> {
  await sql`select recsys.newest_events('00000000-0000-0000-0000-000000000000', 1)`.execute(
    db,
  );
}
