import type { Role } from "@recsys/contracts";
import { type Kysely, type Selectable, sql } from "kysely";
import type { Schema } from "../schema.ts";

export interface ApiKey {
  readonly keyId: string;
  readonly tenant: string;
  readonly role: Role;
  readonly name: string;
  /** Unix milliseconds, as all times here. */
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}

export interface NewApiKey {
  readonly tenant: string;
  readonly role: Role;
  readonly name: string;
  /** HMAC of the key; the key itself is shown once and stored nowhere. */
  readonly digest: Uint8Array;
  readonly expiresAt?: number | null;
}

export async function issueKey(
  db: Kysely<Schema>,
  key: NewApiKey,
): Promise<ApiKey> {
  const row = await db
    .insertInto("api_keys")
    .values({
      tenant_id: key.tenant,
      role: key.role,
      name: key.name,
      digest: Buffer.from(key.digest),
      expires_at: toDate(key.expiresAt ?? null),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return toApiKey(row);
}

/** The key with this digest, unless it is revoked or has expired. */
export async function findKey(
  db: Kysely<Schema>,
  digest: Uint8Array,
): Promise<ApiKey | null> {
  const row = await db
    .selectFrom("api_keys")
    .selectAll()
    .where("digest", "=", Buffer.from(digest))
    .where("revoked_at", "is", null)
    .where((where) =>
      where.or([
        where("expires_at", "is", null),
        where("expires_at", ">", sql<Date>`recsys.now()`),
      ]),
    )
    .executeTakeFirst();
  return row === undefined ? null : toApiKey(row);
}

/** All keys of a tenant, oldest first, revoked ones included. */
export async function listKeys(
  db: Kysely<Schema>,
  tenant: string,
): Promise<readonly ApiKey[]> {
  const rows = await db
    .selectFrom("api_keys")
    .selectAll()
    .where("tenant_id", "=", tenant)
    .orderBy("created_at")
    .orderBy("key_id")
    .execute();
  return rows.map(toApiKey);
}

/** True when there was such a key in force. */
export async function revokeKey(
  db: Kysely<Schema>,
  tenant: string,
  keyId: string,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("api_keys")
    .set({ revoked_at: sql<Date>`recsys.now()` })
    .where("tenant_id", "=", tenant)
    .where("key_id", "=", keyId)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

function toDate(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}

function toApiKey(row: Selectable<Schema["api_keys"]>): ApiKey {
  return {
    keyId: row.key_id,
    tenant: row.tenant_id,
    role: row.role as Role,
    name: row.name,
    createdAt: row.created_at.getTime(),
    expiresAt: row.expires_at?.getTime() ?? null,
    revokedAt: row.revoked_at?.getTime() ?? null,
  };
}
