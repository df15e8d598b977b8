import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";

/** What a rule did in the decisions of a span. */
export interface RuleTotals {
  readonly id: string;
  /** Decisions in which it did something. */
  readonly requests: number;
  readonly applied: number;
  readonly listed: number;
  /** Items of its making that were seen. */
  readonly exposed: number;
}

/**
 * Totals by rule over the decisions of a span, in Unix milliseconds, `to`
 * exclusive. An item is of a rule's making when the rule pinned it or moved
 * its score. Reads every decision of the span that a rule acted in.
 */
export async function totalRuleEffects(
  tx: TenantTx,
  namespace: string,
  span: { readonly from: number; readonly to: number },
): Promise<readonly RuleTotals[]> {
  const found = await sql<RuleTotals>`
    with acted as (
      select d.request_id, d.received_at, d.record
        from public.decisions d
       where d.tenant_id = ${tx.tenant} and d.namespace = ${namespace}
         and d.received_at >= recsys.from_unix_ms(${span.from}::float8)
         and d.received_at < recsys.from_unix_ms(${span.to}::float8)
         and d.record -> 'rules' is not null),
    effects as (
      select e ->> 'id' as id, count(*) as requests,
             sum((e ->> 'applied')::int) as applied,
             sum((e ->> 'listed')::int) as listed
        from acted, json_array_elements(acted.record -> 'rules') e
       group by 1),
    made as (
      select acted.request_id, s ->> 'item_id' as item_id,
             coalesce(r ->> 'rule_id', s -> 'rule' ->> 'id') as id
        from acted, json_array_elements(acted.record -> 'slate') s
        left join lateral (
          select r from json_array_elements(s -> 'reasons') r
           where r ->> 'code' = 'pinned' limit 1) p (r) on true
       where s -> 'rule' is not null or p.r is not null),
    seen as (
      select made.id, count(distinct (made.request_id, made.item_id)) as exposed
        from made
        join public.exposures x
          on x.tenant_id = ${tx.tenant} and x.request_id = made.request_id
         and made.item_id = x.item_id
       group by 1)
    select e.id, e.requests::float8 as requests, e.applied::float8 as applied,
           e.listed::float8 as listed,
           coalesce(seen.exposed, 0)::float8 as exposed
      from effects e left join seen using (id)
     order by e.id`.execute(tx.db);
  return found.rows;
}
