import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";

/** How often one item was listed and seen on one surface. */
export interface ItemExposure {
  readonly surface: string;
  readonly itemId: string;
  /** Places in the lists that were answered. */
  readonly listed: number;
  /** Of these, how many a person was confirmed to have seen. */
  readonly exposed: number;
}

/**
 * Places by surface and item over the decisions of a span, in Unix
 * milliseconds, `to` exclusive; at most `limit` rows, in order of their names.
 */
export async function totalItemExposure(
  tx: TenantTx,
  namespace: string,
  span: { readonly from: number; readonly to: number; readonly limit: number },
): Promise<readonly ItemExposure[]> {
  const found = await sql<ItemExposure>`
    with listed as (
      select d.request_id, d.surface, i.item_id
        from public.decisions d, unnest(d.item_ids) as i (item_id)
       where d.tenant_id = ${tx.tenant} and d.namespace = ${namespace}
         and d.received_at >= recsys.from_unix_ms(${span.from}::float8)
         and d.received_at < recsys.from_unix_ms(${span.to}::float8)),
    seen as (
      select distinct x.request_id, x.item_id
        from public.exposures x
       where x.tenant_id = ${tx.tenant} and x.namespace = ${namespace}
         and x.received_at >= recsys.from_unix_ms(${span.from}::float8))
    select l.surface, l.item_id as "itemId", count(*)::float8 as listed,
           count(s.item_id)::float8 as exposed
      from listed l
      left join seen s on s.request_id = l.request_id and s.item_id = l.item_id
     group by 1, 2
     order by l.surface collate "C", l.item_id collate "C"
     limit ${span.limit}`.execute(tx.db);
  return found.rows;
}

/** How often each item was confirmed to be seen, once a list, in a span of `ts`; both ends are in. */
export async function countExposures(
  tx: TenantTx,
  namespace: string,
  span: { readonly from: number; readonly to: number },
): Promise<ReadonlyMap<string, number>> {
  const found = await sql<{ itemId: string; seen: number }>`
    select x.item_id as "itemId", count(distinct x.request_id)::float8 as seen
      from public.exposures x
     where x.tenant_id = ${tx.tenant} and x.namespace = ${namespace}
       and x.ts >= recsys.from_unix_ms(${span.from}::float8)
       and x.ts <= recsys.from_unix_ms(${span.to}::float8)
     group by 1`.execute(tx.db);
  return new Map(found.rows.map(({ itemId, seen }) => [itemId, seen]));
}
