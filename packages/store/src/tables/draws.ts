import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";

/** How often an arm was drawn in the decisions of a span. */
export interface DrawTotals {
  readonly bandit: string;
  readonly arm: string;
  readonly draws: number;
  readonly minPropensity: number;
  readonly maxPropensity: number;
}

/** Totals by bandit and arm, those of exploration slots as `slots:<surface>`. Times in Unix milliseconds, `to` exclusive. Reads every decision of the span. */
export async function totalDraws(
  tx: TenantTx,
  namespace: string,
  span: { readonly from: number; readonly to: number },
): Promise<readonly DrawTotals[]> {
  const found = await sql<DrawTotals>`
    with span as (
      select d.surface, d.record
        from public.decisions d
       where d.tenant_id = ${tx.tenant} and d.namespace = ${namespace}
         and d.received_at >= recsys.from_unix_ms(${span.from}::float8)
         and d.received_at < recsys.from_unix_ms(${span.to}::float8)),
    drawn as (
      select b ->> 'id' as bandit, b ->> 'arm' as arm,
             (b ->> 'propensity')::float8 as propensity
        from span, json_array_elements(span.record -> 'bandits') b
       where span.record -> 'bandits' is not null
       union all
      select 'slots:' || span.surface, s ->> 'item_id',
             (s ->> 'propensity')::float8
        from span, json_array_elements(span.record -> 'slate') s
       where s -> 'exploration' is not null)
    select bandit, arm, count(*)::float8 as draws,
           min(propensity) as "minPropensity",
           max(propensity) as "maxPropensity"
      from drawn
     group by 1, 2
     order by bandit collate "C", arm collate "C"`.execute(tx.db);
  return found.rows;
}
