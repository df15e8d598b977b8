import type { ArmStats, Posteriors } from "@recsys/contracts";
import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";

/** Newest version of what was learned; 0 before anything was. */
export async function posteriorsVersion(
  tx: TenantTx,
  namespace: string,
): Promise<number> {
  const found = await sql<{ version: number }>`
    select p.version
      from public.posteriors p
     where p.tenant_id = ${tx.tenant} and p.namespace = ${namespace}`.execute(
    tx.db,
  );
  return found.rows[0]?.version ?? 0;
}

/** What was learned at a version (the newest unless said), arms by bandit and name; null when that version is gone. */
export async function loadPosteriors(
  tx: TenantTx,
  namespace: string,
  version?: number,
): Promise<Posteriors | null> {
  const found = await sql<{ version: number; oldest: number }>`
    select p.version, p.oldest_version as oldest
      from public.posteriors p
     where p.tenant_id = ${tx.tenant} and p.namespace = ${namespace}`.execute(
    tx.db,
  );
  const { version: newest, oldest } = found.rows[0] ?? {
    version: 0,
    oldest: 0,
  };
  const wanted = version ?? newest;
  if (wanted === 0) return { version: 0, arms: [] };
  if (wanted > newest || wanted < oldest) return null;
  const arms = await sql<ArmRow>`
    select distinct on (r.bandit, r.arm)
           r.bandit, r.arm, r.trials, r.reward, r.a, r.b
      from public.posterior_arms r
     where r.tenant_id = ${tx.tenant} and r.namespace = ${namespace}
       and r.version <= ${wanted}
     order by r.bandit, r.arm, r.version desc`.execute(tx.db);
  return { version: wanted, arms: arms.rows.map(toArm) };
}

interface ArmRow extends Pick<ArmStats, "arm" | "trials" | "reward"> {
  readonly bandit: string;
  readonly a: readonly number[] | null;
  readonly b: readonly number[] | null;
}

function toArm({ bandit, arm, trials, reward, a, b }: ArmRow) {
  return { bandit, arm, trials, reward, ...(a && b ? { a, b } : {}) };
}

/** Holds up whoever else counts or resets in this namespace until the transaction ends. */
export async function lockPosteriors(
  tx: TenantTx,
  namespace: string,
): Promise<void> {
  await sql`
    insert into public.posteriors (tenant_id, namespace)
    values (${tx.tenant}, ${namespace})
        on conflict do nothing`.execute(tx.db);
  await sql`
    select 1 from public.posteriors p
     where p.tenant_id = ${tx.tenant} and p.namespace = ${namespace}
       for update`.execute(tx.db);
}

/** Stores what changed as the next version and tells the replicas at commit. After `lockPosteriors`. */
export async function saveArms(
  tx: TenantTx,
  namespace: string,
  arms: Posteriors["arms"],
): Promise<number> {
  const moved = await sql<{ version: number }>`
    update public.posteriors p
       set version = p.version + 1, changed_at = recsys.now()
     where p.tenant_id = ${tx.tenant} and p.namespace = ${namespace}
    returning p.version`.execute(tx.db);
  const version = moved.rows[0]?.version;
  if (version === undefined) throw new Error("the posteriors are not locked");
  const rows = JSON.stringify(arms);
  await sql`
    insert into public.posterior_arms
           (tenant_id, namespace, bandit, arm, version, trials, reward, a, b)
    select ${tx.tenant}, ${namespace}, n.bandit, n.arm, ${version}::bigint,
           n.trials, n.reward, n.a, n.b
      from json_to_recordset(${rows}::json) as n (
             bandit text, arm text, trials float8, reward float8,
             a float8[], b float8[])`.execute(tx.db);
  await sql`select recsys.bump_revision()`.execute(tx.db);
  return version;
}

/** Forgets what a bandit (and one of its arms) has learned, and what waits to be counted. Returns the number of arms. */
export async function resetBandit(
  tx: TenantTx,
  namespace: string,
  which: { readonly bandit: string; readonly arm?: string },
): Promise<number> {
  await lockPosteriors(tx, namespace);
  const { bandit, arm } = which;
  await sql`
    delete from public.bandit_trials t
     where t.tenant_id = ${tx.tenant} and t.namespace = ${namespace}
       and t.bandit = ${bandit}
       and (${arm ?? null}::text is null or t.arm = ${arm ?? null})`.execute(
    tx.db,
  );
  const live = await loadPosteriors(tx, namespace);
  const arms = (live?.arms ?? []).filter(
    (each) =>
      each.bandit === bandit &&
      (arm === undefined || each.arm === arm) &&
      each.trials > 0,
  );
  if (arms.length > 0) {
    const blank = { trials: 0, reward: 0 };
    await saveArms(
      tx,
      namespace,
      arms.map((each) => ({ bandit, arm: each.arm, ...blank })),
    );
  }
  return arms.length;
}

/** Removes what no version that was live within the last `days` needs. Returns how many rows. */
export async function compactPosteriors(
  tx: TenantTx,
  days: number,
): Promise<number> {
  const removed = await sql`
    with kept as (
      select r.namespace, max(r.version) as version
        from public.posterior_arms r
       where r.tenant_id = ${tx.tenant}
         and r.changed_at < recsys.now() - make_interval(days => ${days})
       group by 1),
    moved as (
      update public.posteriors p
         set oldest_version = greatest(p.oldest_version, kept.version)
        from kept
       where p.tenant_id = ${tx.tenant} and p.namespace = kept.namespace),
    chain as (
      select r.namespace, r.bandit, r.arm, r.version,
             lead(r.version) over (
               partition by r.namespace, r.bandit, r.arm order by r.version
             ) as next
        from public.posterior_arms r join kept using (namespace)
       where r.tenant_id = ${tx.tenant} and r.version <= kept.version)
    delete from public.posterior_arms old
     using chain
     where old.tenant_id = ${tx.tenant} and old.namespace = chain.namespace
       and old.bandit = chain.bandit and old.arm = chain.arm
       and old.version = chain.version and chain.next is not null`.execute(
    tx.db,
  );
  return Number(removed.numAffectedRows ?? 0);
}
