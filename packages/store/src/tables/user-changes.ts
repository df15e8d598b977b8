import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";

/** NOTIFY channel on which other replicas learn whose cached state to drop. */
export const USERS_CHANNEL = "recsys_users";

/** Payload on USERS_CHANNEL; `pseudonyms` null means everybody in the namespace. */
export interface UsersChanged {
  readonly tenant: string;
  readonly namespace: string;
  readonly pseudonyms: readonly string[] | null;
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
