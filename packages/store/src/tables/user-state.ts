import type { UserState } from "@recsys/contracts";
import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";
import { toUserEvent, type StoredUserEvent } from "./event-queries.ts";

export interface LoadedUser {
  readonly userKey: string;
  readonly kind: "user" | "anonymous" | "session" | null;
  readonly state: UserState;
}

/**
 * What ranking needs to know of a person, by pseudonym: the newest events,
 * traits, consent and bucket in one indexed read. Null for somebody never seen.
 */
export async function loadUserState(
  tx: TenantTx,
  namespace: string,
  wanted: { readonly pseudonym: string; readonly limit: number },
): Promise<LoadedUser | null> {
  const found = await sql<
    Omit<UserState, "events"> & {
      readonly user_key: string;
      readonly kind: LoadedUser["kind"];
      readonly events: readonly StoredUserEvent[];
    }
  >`
    select p.user_key, p.kind, p.bucket_key,
           coalesce(u.traits, '{}') as traits,
           coalesce(u.consent, 'unknown') as consent,
           recsys.newest_events(p.user_key, ${wanted.limit}) as events
      from public.people p
      left join public.users u
        on u.tenant_id = p.tenant_id and u.namespace = p.namespace
       and u.user_key = p.user_key
     where p.tenant_id = ${tx.tenant} and p.namespace = ${namespace}
       and p.pseudonym = ${wanted.pseudonym}`.execute(tx.db);
  const [row] = found.rows;
  if (row === undefined) return null;
  const { user_key: userKey, kind, ...state } = row;
  return {
    userKey,
    kind,
    state: {
      ...state,
      events: state.events.map(toUserEvent),
    },
  };
}
