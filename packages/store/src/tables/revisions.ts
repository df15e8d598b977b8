import { type Kysely, sql } from "kysely";
import type { TenantTx } from "../database/store.ts";
import type { Schema } from "../schema.ts";

/** NOTIFY channel of new revisions; payload `{"tenant": …, "n": …}`. */
export const REVISION_CHANNEL = "recsys_revision";

/** How far a tenant's live state has moved. Only equal incarnations can be compared. */
export interface Revision {
  /** Changes with every restore, which forces replicas to load everything anew. */
  readonly incarnation: string;
  readonly n: number;
}

/** The revision of one tenant, or null when there is no such tenant. */
export async function currentRevision(
  db: Kysely<Schema>,
  tenant: string,
): Promise<Revision | null> {
  const row = await db
    .selectFrom("revisions")
    .select(["incarnation", "n"])
    .where("tenant_id", "=", tenant)
    .executeTakeFirst();
  return row ?? null;
}

/** The revisions of all tenants in one read; the poll beside LISTEN. */
export async function allRevisions(
  db: Kysely<Schema>,
): Promise<ReadonlyMap<string, Revision>> {
  const rows = await db.selectFrom("revisions").selectAll().execute();
  return new Map(
    rows.map(({ tenant_id, incarnation, n }) => [
      tenant_id,
      { incarnation, n },
    ]),
  );
}

/** Says that something outside the pointers has moved (items, people's state); returns the new number. */
export async function bumpRevision(tx: TenantTx): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select recsys.bump_revision() as n`.execute(tx.db);
  return rows[0]?.n ?? 0;
}

/** Records which revision a replica serves. */
export async function ackRevision(
  tx: TenantTx,
  replica: string,
  revision: Revision,
): Promise<void> {
  await tx.db
    .insertInto("revision_acks")
    .values({ tenant_id: tx.tenant, replica, ...revision })
    .onConflict((conflict) =>
      conflict.columns(["tenant_id", "replica"]).doUpdateSet({
        ...revision,
        acked_at: sql<Date>`recsys.now()`,
      }),
    )
    .execute();
}

/** What each replica serves, for "is it effective everywhere?". */
export async function listAcks(
  tx: TenantTx,
): Promise<
  readonly (Revision & { readonly replica: string; readonly at: number })[]
> {
  const rows = await tx.db
    .selectFrom("revision_acks")
    .selectAll()
    .where("tenant_id", "=", tx.tenant)
    .orderBy("replica")
    .execute();
  return rows.map(({ replica, incarnation, n, acked_at }) => ({
    replica,
    incarnation,
    n,
    at: acked_at.getTime(),
  }));
}

/** Forgets a replica that has left for good. */
export async function forgetReplica(
  tx: TenantTx,
  replica: string,
): Promise<void> {
  await tx.db
    .deleteFrom("revision_acks")
    .where("tenant_id", "=", tx.tenant)
    .where("replica", "=", replica)
    .execute();
}
