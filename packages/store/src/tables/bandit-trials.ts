import { slotBandit, type DecisionRecord } from "@recsys/contracts";
import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";

/** Notes what decisions drew, to be counted when the window is over. For decisions that this transaction stored. */
export async function noteTrials(
  tx: TenantTx,
  namespace: string,
  records: readonly DecisionRecord[],
): Promise<void> {
  const trials = records.flatMap(drawsOf);
  if (trials.length === 0) return;
  await sql`
    insert into public.bandit_trials
           (tenant_id, namespace, request_id, decided_at, bandit, arm, item_id,
            context)
    select ${tx.tenant}, ${namespace}, n.request_id,
           recsys.uuid_time(n.request_id), n.bandit, n.arm, n.item_id, n.context
      from json_to_recordset(${JSON.stringify(trials)}::json) as n (
             request_id uuid, bandit text, arm text, item_id text,
             context float8[])
        on conflict do nothing`.execute(tx.db);
}

function drawsOf({ request_id, bandits = [], slate, request }: DecisionRecord) {
  return [
    ...bandits.map(({ id, arm, context = [] }) => ({
      request_id,
      bandit: id,
      arm,
      item_id: null,
      context,
    })),
    ...slate.flatMap(({ item_id, exploration }) =>
      exploration === undefined
        ? []
        : [
            {
              request_id,
              bandit: slotBandit(request.surface),
              arm: item_id,
              item_id,
              context: exploration.context ?? [],
            },
          ],
    ),
  ];
}

/** Bandits of the tenant with draws that wait, and how many. */
export async function waitingTrials(tx: TenantTx): Promise<
  readonly {
    readonly namespace: string;
    readonly bandit: string;
    readonly trials: number;
  }[]
> {
  const found = await sql<{
    namespace: string;
    bandit: string;
    trials: number;
  }>`
    select t.namespace, t.bandit, count(*)::float8 as trials
      from public.bandit_trials t
     where t.tenant_id = ${tx.tenant}
     group by 1, 2
     order by t.namespace collate "C", t.bandit`.execute(tx.db);
  return found.rows;
}

/** A draw whose window is over. */
export interface MaturedTrial {
  readonly arm: string;
  readonly context: readonly number[];
  /** Its decision is stored, and no merge gave its person another bucket. */
  readonly isSound: boolean;
  /** An exposure confirms that the item (any of the list, for a bundle) was seen. */
  readonly isSeen: boolean;
  /** Types of the outcomes within the window, each once. */
  readonly outcomes: readonly string[];
}

/** Takes up to `limit` draws that were made before `before` (Unix milliseconds), oldest first, with what followed within the window. They are gone when the transaction commits. */
export async function takeMatured(
  tx: TenantTx,
  namespace: string,
  which: {
    readonly bandit: string;
    readonly before: number;
    readonly windowMs: number;
    readonly limit: number;
  },
): Promise<readonly MaturedTrial[]> {
  const { bandit, before, windowMs, limit } = which;
  const found = await sql<MaturedTrial>`
    with matured as (
      select t.request_id, t.arm
        from public.bandit_trials t
       where t.tenant_id = ${tx.tenant} and t.namespace = ${namespace}
         and t.bandit = ${bandit}
         and t.decided_at < recsys.from_unix_ms(${before}::float8)
       order by t.decided_at, t.request_id, t.arm
       limit ${limit}),
    taken as (
      delete from public.bandit_trials t
       using matured m
       where t.tenant_id = ${tx.tenant} and t.request_id = m.request_id
         and t.bandit = ${bandit} and t.arm = m.arm
      returning t.request_id, t.decided_at, t.arm, t.item_id, t.context)
    select t.arm, t.context,
           exists (
             select from public.decisions d
              where d.tenant_id = ${tx.tenant} and d.request_id = t.request_id
                and d.received_at = t.decided_at and not d.contaminated
           ) as "isSound",
           exists (
             select from public.exposures x
              where x.tenant_id = ${tx.tenant} and x.request_id = t.request_id
                and (t.item_id is null or x.item_id = t.item_id)
           ) as "isSeen",
           array(
             select distinct o.type
               from public.outcomes o
              where o.tenant_id = ${tx.tenant} and o.request_id = t.request_id
                and (t.item_id is null or o.item_id = t.item_id)
                and o.ts < t.decided_at
                           + ${windowMs}::float8 * interval '1 millisecond'
           ) as outcomes
      from taken t
     order by t.decided_at, t.request_id, t.arm`.execute(tx.db);
  return found.rows;
}

/** Removes draws of a bandit that is configured no longer. */
export async function dropTrials(
  tx: TenantTx,
  namespace: string,
  bandit: string,
): Promise<number> {
  const dropped = await sql`
    delete from public.bandit_trials t
     where t.tenant_id = ${tx.tenant} and t.namespace = ${namespace}
       and t.bandit = ${bandit}`.execute(tx.db);
  return Number(dropped.numAffectedRows ?? 0);
}
