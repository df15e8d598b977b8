import { sql } from "kysely";
import type { Store, TenantTx } from "../database/store.ts";

/** What somebody did, before it is part of the chain. */
export interface AuditFacts {
  readonly actor: string;
  readonly actorKind: "human" | "service";
  /** Verb in the form `noun.verb`, such as `key.revoke`. */
  readonly action: string;
  readonly subject: string;
  readonly beforeHash?: string;
  readonly afterHash?: string;
  /** Keys and numbers; never personal data, because the chain cannot forget. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface AuditEntry {
  readonly seq: number;
  /** Unix milliseconds. */
  readonly at: number;
  readonly actor: string;
  readonly actorKind: "human" | "service";
  readonly action: string;
  readonly subject: string;
  readonly beforeHash: string | null;
  readonly afterHash: string | null;
  readonly details: unknown;
  readonly hash: string;
}

/** Appends to the tenant's chain; returns the number of the entry. */
export async function appendAudit(
  tx: TenantTx,
  facts: AuditFacts,
): Promise<number> {
  const json = JSON.stringify({
    actor: facts.actor,
    actor_kind: facts.actorKind,
    action: facts.action,
    subject: facts.subject,
    before_hash: facts.beforeHash,
    after_hash: facts.afterHash,
    details: facts.details ?? {},
  });
  const { rows } = await sql<{ seq: number }>`
    select recsys.append_audit(${json}::jsonb) as seq`.execute(tx.db);
  return rows[0]?.seq ?? 0;
}

/** The newest entries first; `before` is the number that the last page ended with. */
export async function listAudit(
  tx: TenantTx,
  page: { readonly limit: number; readonly before?: number },
): Promise<readonly AuditEntry[]> {
  let query = tx.db
    .selectFrom("audit_log")
    .selectAll()
    .where("tenant_id", "=", tx.tenant)
    .orderBy("seq", "desc")
    .limit(page.limit);
  if (page.before !== undefined) query = query.where("seq", "<", page.before);
  const rows = await query.execute();
  return rows.map((row) => ({
    seq: row.seq,
    at: row.at.getTime(),
    actor: row.actor,
    actorKind: row.actor_kind,
    action: row.action,
    subject: row.subject,
    beforeHash: row.before_hash,
    afterHash: row.after_hash,
    details: row.details,
    hash: row.hash,
  }));
}

/** Recomputes the chain of a tenant; `firstBroken` is the first entry that was changed, moved or lost. */
export async function verifyAudit(
  store: Store,
  tenant: string,
): Promise<{
  readonly ok: boolean;
  readonly checked: number;
  readonly firstBroken?: number;
}> {
  return store.inTenant(tenant, async (tx) => {
    const { rows } = await sql<{
      checked: number;
      first_broken: number | null;
    }>`select * from recsys.verify_audit()`.execute(tx.db);
    const checked = rows[0]?.checked ?? 0;
    const firstBroken = rows[0]?.first_broken ?? null;
    return firstBroken === null
      ? { ok: true, checked }
      : { ok: false, checked, firstBroken };
  });
}
