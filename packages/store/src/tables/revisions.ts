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

/** Records which revision a replica serves, and forgets replicas that have said nothing for a day: they did not leave in order. */
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
  await tx.db
    .deleteFrom("revision_acks")
    .where("tenant_id", "=", tx.tenant)
    .where("acked_at", "<", sql<Date>`recsys.now() - interval '1 day'`)
    .execute();
}

/** What a replica said that it serves. */
export interface Acknowledgement extends Revision {
  readonly replica: string;
  /** Unix milliseconds. */
  readonly at: number;
  /** How long ago that was, by the clock of the database. */
  readonly ageSeconds: number;
}

/** What each replica serves, for "is it effective everywhere?". */
export async function listAcks(
  tx: TenantTx,
): Promise<readonly Acknowledgement[]> {
  const rows = await tx.db
    .selectFrom("revision_acks")
    .selectAll()
    .select(
      sql<number>`date_part('epoch', recsys.now() - acked_at)`.as(
        "age_seconds",
      ),
    )
    .where("tenant_id", "=", tx.tenant)
    .orderBy("replica")
    .execute();
  return rows.map(({ replica, incarnation, n, acked_at, age_seconds }) => ({
    replica,
    incarnation,
    n,
    at: acked_at.getTime(),
    ageSeconds: age_seconds,
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
