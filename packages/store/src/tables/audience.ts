import type { UserState } from "@recsys/contracts";
import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";
import { toUserEvent, type StoredUserEvent } from "./event-queries.ts";

/** Somebody who had to do with an item lately. */
export interface AudiencePerson {
  readonly userKey: string;
  /** How the person is known: by the identifier that lasts longest. */
  readonly kind: "user" | "anonymous";
  readonly externalId: string;
  readonly state: UserState;
}

/**
 * The newest people of some items within 90 days, with what ranking needs to
 * know of them, in one read: at most `people` of them, from at most
 * `eventsPerItem` events of an item. Guests and people who denied consent are
 * left out.
 */
export async function peopleOfItems(
  tx: TenantTx,
  namespace: string,
  wanted: {
    readonly itemIds: readonly string[];
    readonly eventsPerItem: number;
    readonly people: number;
    /** Events in a state. */
    readonly events: number;
  },
): Promise<readonly AudiencePerson[]> {
  const found = await sql<
    Omit<AudiencePerson, "state"> &
      Omit<UserState, "events"> & { readonly events: StoredUserEvent[] }
  >`
    select n.user_key as "userKey", p.kind, p.external_id as "externalId",
           p.bucket_key, coalesce(u.traits, '{}') as traits,
           coalesce(u.consent, 'unknown') as consent,
           recsys.newest_events(n.user_key, ${wanted.events}) as events
      from recsys.people_of_items(${namespace}, ${[...wanted.itemIds]}::text[],
             ${wanted.eventsPerItem}, ${wanted.people}) n
     cross join lateral (
       select k.kind, k.external_id, k.bucket_key
         from public.people k
        where k.tenant_id = ${tx.tenant} and k.namespace = ${namespace}
          and k.user_key = n.user_key and k.kind in ('user', 'anonymous')
          and k.external_id is not null
        order by k.kind desc, k.first_seen_at, k.pseudonym
        limit 1) p
      left join public.users u
        on u.tenant_id = ${tx.tenant} and u.namespace = ${namespace}
       and u.user_key = n.user_key
     order by n.at desc, n.user_key`.execute(tx.db);
  return found.rows.map(({ userKey, kind, externalId, events, ...state }) => ({
    userKey,
    kind,
    externalId,
    state: { ...state, events: events.map(toUserEvent) },
  }));
}
