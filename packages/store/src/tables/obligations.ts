import { type Selectable, sql } from "kysely";
import type { Store, TenantTx } from "../database/store.ts";
import type { Schema } from "../schema.ts";

/** Something that must happen at a time; one per tenant, kind and subject. */
export interface Obligation {
  readonly kind: string;
  readonly subject: string;
  /** Unix milliseconds. */
  readonly dueAt: number;
  readonly payload: unknown;
}

/** An obligation that this worker holds until its lease ends. */
export interface ClaimedObligation extends Obligation {
  readonly obligationId: string;
  readonly tenant: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Proof of the claim; void when the lease has passed to another worker. */
  readonly lease: string;
}

export interface ObligationState extends Obligation {
  readonly state: "open" | "done";
  readonly attempt: number;
  readonly lastError: string | null;
}

export interface ClaimOptions {
  /** Name of the worker, for people who look. */
  readonly worker: string;
  readonly limit: number;
  readonly leaseSeconds: number;
  /** Only these kinds; all unless said. */
  readonly kinds?: readonly string[];
}

/**
 * Sets when an obligation is due; an existing one of the same kind and subject
 * is moved, opened again, and taken from a worker that holds it.
 */
export async function scheduleObligation(
  tx: TenantTx,
  obligation: Obligation,
): Promise<void> {
  const dueAt = new Date(obligation.dueAt);
  const payload = JSON.stringify(obligation.payload ?? {});
  const { obligation_id } = await tx.db
    .insertInto("obligations")
    .values({
      tenant_id: tx.tenant,
      kind: obligation.kind,
      subject: obligation.subject,
      payload,
      due_at: dueAt,
    })
    .onConflict((conflict) =>
      conflict.columns(["tenant_id", "kind", "subject"]).doUpdateSet({
        payload,
        due_at: dueAt,
        state: "open",
        attempt: 0,
        last_error: null,
        done_at: null,
      }),
    )
    .returning("obligation_id")
    .executeTakeFirstOrThrow();
  await tx.db
    .insertInto("obligations_due")
    .values({
      obligation_id,
      tenant_id: tx.tenant,
      kind: obligation.kind,
      due_at: dueAt,
    })
    .onConflict((conflict) =>
      conflict.column("obligation_id").doUpdateSet({
        due_at: dueAt,
        leased_by: null,
        leased_until: null,
        lease: null,
      }),
    )
    .execute();
}

/**
 * Leases obligations that are due, oldest first, across tenants. Workers that
 * ask at the same time get different ones; a lease that ran out is given anew.
 */
export async function claimDue(
  store: Store,
  options: ClaimOptions,
): Promise<readonly ClaimedObligation[]> {
  const claims = await store.tenantless(async (db) => {
    const kinds = options.kinds === undefined ? null : [...options.kinds];
    const { rows } = await sql<Claim>`
      update obligations_due as due
        set leased_by = ${options.worker}, lease = gen_random_uuid(),
            leased_until = recsys.now() + make_interval(secs => ${options.leaseSeconds})
        where due.obligation_id in (
          select o.obligation_id from obligations_due as o
            where o.due_at <= (select recsys.now())
              and (o.leased_until is null or o.leased_until <= (select recsys.now()))
              and (${kinds}::text[] is null or o.kind = any (${kinds}::text[]))
            order by o.due_at, o.obligation_id limit ${options.limit} for update skip locked)
        returning due.obligation_id, due.tenant_id, due.lease`.execute(db);
    return rows;
  });
  const loaded: ClaimedObligation[] = [];
  for (const claim of claims) {
    const found = await store.inTenant(claim.tenant_id, (tx) =>
      startAttempt(tx, claim),
    );
    if (found !== null) loaded.push(found);
  }
  return loaded.sort((a, b) => a.dueAt - b.dueAt);
}

/** Marks a claimed obligation done; false when the lease was lost, and nothing is then changed. */
export async function completeObligation(
  tx: TenantTx,
  claim: ClaimedObligation,
): Promise<boolean> {
  const { numDeletedRows } = await tx.db
    .deleteFrom("obligations_due")
    .where("obligation_id", "=", claim.obligationId)
    .where("lease", "=", claim.lease)
    .executeTakeFirst();
  if (numDeletedRows === 0n) return false;
  await tx.db
    .updateTable("obligations")
    .set({ state: "done", done_at: sql<Date>`recsys.now()` })
    .where("tenant_id", "=", tx.tenant)
    .where("obligation_id", "=", claim.obligationId)
    .execute();
  return true;
}

/** Gives a claimed obligation back to be tried again at `retryAt`; false when the lease was lost. */
export async function failObligation(
  tx: TenantTx,
  claim: ClaimedObligation,
  failure: { readonly retryAt: number; readonly error: string },
): Promise<boolean> {
  const { numUpdatedRows } = await tx.db
    .updateTable("obligations_due")
    .set({
      due_at: new Date(failure.retryAt),
      leased_by: null,
      leased_until: null,
      lease: null,
    })
    .where("obligation_id", "=", claim.obligationId)
    .where("lease", "=", claim.lease)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await tx.db
    .updateTable("obligations")
    .set({ due_at: new Date(failure.retryAt), last_error: failure.error })
    .where("tenant_id", "=", tx.tenant)
    .where("obligation_id", "=", claim.obligationId)
    .execute();
  return true;
}

/** Lengthens the lease of long work; false when it was lost. */
export async function renewLease(
  tx: TenantTx,
  claim: ClaimedObligation,
  leaseSeconds: number,
): Promise<boolean> {
  const { numUpdatedRows } = await tx.db
    .updateTable("obligations_due")
    .set({
      leased_until: sql<Date>`recsys.now() + make_interval(secs => ${leaseSeconds})`,
    })
    .where("obligation_id", "=", claim.obligationId)
    .where("lease", "=", claim.lease)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Takes an obligation back; nothing happens when there is none. */
export async function cancelObligation(
  tx: TenantTx,
  kind: string,
  subject: string,
): Promise<void> {
  const row = await tx.db
    .deleteFrom("obligations")
    .where("tenant_id", "=", tx.tenant)
    .where("kind", "=", kind)
    .where("subject", "=", subject)
    .returning("obligation_id")
    .executeTakeFirst();
  if (row === undefined) return;
  await tx.db
    .deleteFrom("obligations_due")
    .where("obligation_id", "=", row.obligation_id)
    .execute();
}

/** All obligations of the tenant, by due time; of one kind if said. */
export async function listObligations(
  tx: TenantTx,
  kind?: string,
): Promise<readonly ObligationState[]> {
  let query = tx.db
    .selectFrom("obligations")
    .selectAll()
    .where("tenant_id", "=", tx.tenant)
    .orderBy("due_at")
    .orderBy("obligation_id");
  if (kind !== undefined) query = query.where("kind", "=", kind);
  return (await query.execute()).map((row) => ({
    ...toObligation(row),
    state: row.state,
    attempt: row.attempt,
    lastError: row.last_error,
  }));
}

interface Claim {
  readonly obligation_id: string;
  readonly tenant_id: string;
  readonly lease: string;
}

async function startAttempt(
  tx: TenantTx,
  claim: Claim,
): Promise<ClaimedObligation | null> {
  const row = await tx.db
    .updateTable("obligations")
    .set((set) => ({ attempt: set("attempt", "+", 1) }))
    .where("tenant_id", "=", tx.tenant)
    .where("obligation_id", "=", claim.obligation_id)
    .where("state", "=", "open")
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    ...toObligation(row),
    obligationId: row.obligation_id,
    tenant: tx.tenant,
    attempt: row.attempt,
    lease: claim.lease,
  };
}

function toObligation(row: Selectable<Schema["obligations"]>): Obligation {
  return {
    kind: row.kind,
    subject: row.subject,
    dueAt: row.due_at.getTime(),
    payload: row.payload,
  };
}
