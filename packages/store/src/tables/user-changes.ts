import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";

/** NOTIFY channel on which other replicas learn whose cached state to drop. */
export const USERS_CHANNEL = "recsys_users";

/** Payload on USERS_CHANNEL; `pseudonyms` null means everybody in the namespace. */
export interface UsersChanged {
  readonly tenant: string;
  readonly namespace: string;
  readonly pseudonyms: readonly string[] | null;
  /** The replica that knows already, where one does. */
  readonly by?: string;
  /** These people are gone, and what is remembered of them with them. */
  readonly isErased?: true;
}

/** Postgres refuses payloads of 8000 bytes and more. */
const PAYLOAD_LIMIT = 7900;
const PSEUDONYM_LIMIT = 250;

/** Tells other replicas, when this transaction commits, that these users changed. */
export async function announceUsers(
  tx: TenantTx,
  namespace: string,
  pseudonyms: readonly string[],
): Promise<void> {
  if (pseudonyms.length === 0) return;
  await sql`select pg_notify(${USERS_CHANNEL}, ${payload(tx.tenant, namespace, pseudonyms)})`.execute(
    tx.db,
  );
}

/** The same for any number of people, some at a time: nobody else's state is dropped. */
export async function announceSome(
  tx: TenantTx,
  namespace: string,
  changed: Pick<UsersChanged, "by" | "isErased"> & {
    readonly pseudonyms: readonly string[];
  },
): Promise<void> {
  for (let i = 0; i < changed.pseudonyms.length; i += PSEUDONYM_LIMIT) {
    const pseudonyms = changed.pseudonyms.slice(i, i + PSEUDONYM_LIMIT);
    const text = JSON.stringify({
      ...changed,
      tenant: tx.tenant,
      namespace,
      pseudonyms,
    } satisfies UsersChanged);
    await sql`select pg_notify(${USERS_CHANNEL}, ${text})`.execute(tx.db);
  }
}

/** Reads a payload of USERS_CHANNEL. */
export function readUsersChanged(text: string): UsersChanged {
  return JSON.parse(text) as UsersChanged;
}

function payload(
  tenant: string,
  namespace: string,
  pseudonyms: readonly string[],
): string {
  const all = JSON.stringify({ tenant, namespace, pseudonyms: null });
  if (pseudonyms.length > PSEUDONYM_LIMIT) return all;
  const some = JSON.stringify({ tenant, namespace, pseudonyms });
  return Buffer.byteLength(some) > PAYLOAD_LIMIT ? all : some;
}

/** Tells other replicas, when this transaction commits, that everybody of the namespace is gone. */
export async function announceEverybody(
  tx: TenantTx,
  namespace: string,
): Promise<void> {
  const text = JSON.stringify({
    tenant: tx.tenant,
    namespace,
    pseudonyms: null,
    isErased: true,
  } satisfies UsersChanged);
  await sql`select pg_notify(${USERS_CHANNEL}, ${text})`.execute(tx.db);
}
