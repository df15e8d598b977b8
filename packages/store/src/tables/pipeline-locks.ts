import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";

/** A lock that a process holds until it stops renewing it. */
export interface PipelineLock {
  readonly name: string;
  readonly holder: string;
  /** Grows with each acquisition: of two holders the one with the larger is the present one. */
  readonly fence: number;
}

/**
 * Takes a lock for `leaseSeconds`, in a transaction of its own. Null while
 * another holder's lease runs; a dead holder's lapses by itself.
 */
export async function acquirePipelineLock(
  tx: TenantTx,
  namespace: string,
  wanted: {
    readonly name: string;
    readonly holder: string;
    readonly leaseSeconds: number;
  },
): Promise<PipelineLock | null> {
  const taken = await sql<PipelineLock>`
    insert into public.pipeline_locks as l
           (tenant_id, namespace, name, holder, fence, expires_at)
    values (${tx.tenant}, ${namespace}, ${wanted.name}, ${wanted.holder}, 1,
            recsys.now() + make_interval(secs => ${wanted.leaseSeconds}))
        on conflict (tenant_id, namespace, name) do update
           set holder = excluded.holder, fence = l.fence + 1,
               expires_at = excluded.expires_at
         where l.holder is null or l.expires_at < recsys.now()
    returning l.name, l.holder, l.fence`.execute(tx.db);
  return taken.rows[0] ?? null;
}

/** Renews a lease. False when it lapsed and somebody else took it: stop and publish nothing. */
export async function renewPipelineLock(
  tx: TenantTx,
  namespace: string,
  lock: PipelineLock & { readonly leaseSeconds: number },
): Promise<boolean> {
  const renewed = await sql`
    update public.pipeline_locks
       set expires_at = recsys.now() + make_interval(secs => ${lock.leaseSeconds})
     where tenant_id = ${tx.tenant} and namespace = ${namespace}
       and name = ${lock.name} and holder = ${lock.holder}
       and fence = ${lock.fence}`.execute(tx.db);
  return renewed.numAffectedRows === 1n;
}

/**
 * True while the lock is held; keeps it from being taken until this
 * transaction ends. Publish in the transaction that asked.
 */
export async function holdsPipelineLock(
  tx: TenantTx,
  namespace: string,
  lock: PipelineLock,
): Promise<boolean> {
  const held = await sql`
    select 1
      from public.pipeline_locks l
     where l.tenant_id = ${tx.tenant} and l.namespace = ${namespace}
       and l.name = ${lock.name} and l.holder = ${lock.holder}
       and l.fence = ${lock.fence}
       for update`.execute(tx.db);
  return held.rows.length === 1;
}

/** Gives a lock back; nothing happens when it is another's by now. */
export async function releasePipelineLock(
  tx: TenantTx,
  namespace: string,
  lock: PipelineLock,
): Promise<void> {
  await sql`
    update public.pipeline_locks
       set holder = null, expires_at = recsys.now()
     where tenant_id = ${tx.tenant} and namespace = ${namespace}
       and name = ${lock.name} and holder = ${lock.holder}
       and fence = ${lock.fence}`.execute(tx.db);
}
