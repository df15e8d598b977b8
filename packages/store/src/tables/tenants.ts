import { randomBytes } from "node:crypto";
import { ApiError } from "@recsys/contracts";
import type { Kysely, Selectable } from "kysely";
import type { Schema } from "../schema.ts";
import { isViolationOf } from "../database/sql-state.ts";

export interface Tenant {
  readonly tenantId: string;
  readonly name: string;
  /** Where artifacts live and who trains: in the database, or in object storage with pipelines. */
  readonly servingMode: "db" | "artifact";
  /** Key of the pseudonyms; never leaves the process. */
  readonly secret: Buffer;
  /** Whole days that imported times were shifted by; an input of the jobs. */
  readonly timeOffsetDays: number;
  /** Unix milliseconds. */
  readonly createdAt: number;
}

export interface NewTenant {
  readonly tenantId: string;
  readonly name: string;
  readonly servingMode: "db" | "artifact";
}

/** Creates a tenant with a fresh secret. Throws ApiError ALREADY_EXISTS. */
export async function createTenant(
  db: Kysely<Schema>,
  tenant: NewTenant,
): Promise<Tenant> {
  try {
    const row = await db
      .insertInto("tenants")
      .values({
        tenant_id: tenant.tenantId,
        name: tenant.name,
        serving_mode: tenant.servingMode,
        secret: randomBytes(32),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    return toTenant(row);
  } catch (error) {
    if (isViolationOf(error, "tenants_pkey")) {
      throw new ApiError("ALREADY_EXISTS", {
        detail: `There is a tenant ${tenant.tenantId} already.`,
      });
    }
    throw error;
  }
}

export async function findTenant(
  db: Kysely<Schema>,
  tenantId: string,
): Promise<Tenant | null> {
  const row = await db
    .selectFrom("tenants")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .executeTakeFirst();
  return row === undefined ? null : toTenant(row);
}

/** All tenants, by id. */
export async function listTenants(
  db: Kysely<Schema>,
): Promise<readonly Tenant[]> {
  const rows = await db
    .selectFrom("tenants")
    .selectAll()
    .orderBy("tenant_id")
    .execute();
  return rows.map(toTenant);
}

/** Records by how many days the tenant's imported times were shifted. */
export async function setTimeOffsetDays(
  db: Kysely<Schema>,
  tenantId: string,
  days: number,
): Promise<void> {
  await db
    .updateTable("tenants")
    .set({ time_offset_days: days })
    .where("tenant_id", "=", tenantId)
    .execute();
}

/** Moves a tenant between DB-only and artifact mode. */
export async function setServingMode(
  db: Kysely<Schema>,
  tenantId: string,
  servingMode: Tenant["servingMode"],
): Promise<void> {
  await db
    .updateTable("tenants")
    .set({ serving_mode: servingMode })
    .where("tenant_id", "=", tenantId)
    .execute();
}

function toTenant(row: Selectable<Schema["tenants"]>): Tenant {
  return {
    tenantId: row.tenant_id,
    name: row.name,
    servingMode: row.serving_mode,
    secret: row.secret,
    timeOffsetDays: row.time_offset_days,
    createdAt: row.created_at.getTime(),
  };
}
