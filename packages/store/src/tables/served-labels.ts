import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";

/** Unix milliseconds, `to` exclusive. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** Places of lists made under one configuration and rule set. */
export interface ServedPlaces {
  readonly configVersion: string;
  readonly rulesVersion: string;
  readonly places: number;
}

/** How many items were listed in a span, by the versions that the lists were made under. */
export async function countServed(
  tx: TenantTx,
  namespace: string,
  span: Span,
): Promise<readonly ServedPlaces[]> {
  const found = await sql<ServedPlaces>`
    select d.record -> 'versions' ->> 'config_version' as "configVersion",
           d.record -> 'versions' ->> 'rules_version' as "rulesVersion",
           sum(cardinality(d.item_ids))::float8 as places
      from public.decisions d
     where ${within(tx, namespace, span)}
     group by 1, 2`.execute(tx.db);
  return found.rows;
}

/** Items that classifiers had scored, or that are asked for, in lists of one kind. */
export interface ServedItem {
  readonly itemId: string;
  readonly surface: string;
  readonly configVersion: string;
  readonly rulesVersion: string;
  /** Value of the trait that was asked for. */
  readonly age: string | null;
  /** Unix milliseconds. */
  readonly at: number;
  /** As the catalogue had them when the list was made. */
  readonly labels: Readonly<Record<string, number>>;
}

/** Each place of a list that was taken by an item with scores on labels at that time, or by one of `itemIds`. */
export async function servedWithLabels(
  tx: TenantTx,
  namespace: string,
  asked: Span & {
    readonly itemIds: readonly string[];
    readonly ageTrait: string | null;
  },
): Promise<readonly ServedItem[]> {
  const found = await sql<ServedItem>`
    with suspects as (
      select c.item_id from public.item_changes c
       where c.tenant_id = ${tx.tenant} and c.namespace = ${namespace}
         and c.item ? 'labels'
       union
      select unnest(${asked.itemIds}::text[]))
    select s.item_id as "itemId", d.surface,
           d.record -> 'versions' ->> 'config_version' as "configVersion",
           d.record -> 'versions' ->> 'rules_version' as "rulesVersion",
           d.record -> 'user_state' -> 'traits' ->> ${asked.ageTrait ?? ""} as age,
           (d.record ->> 'now')::float8 as at,
           coalesce(was.item -> 'labels', '{}'::jsonb) as labels
      from suspects s
      join public.decisions d on s.item_id = any(d.item_ids)
      left join lateral (
        select c.item from public.item_changes c
         where c.tenant_id = ${tx.tenant} and c.namespace = ${namespace}
           and c.item_id = s.item_id
           and c.position <= (d.record -> 'versions' ->> 'catalogue_revision')::bigint
         order by c.position desc limit 1) was on true
     where ${within(tx, namespace, asked)}`.execute(tx.db);
  return found.rows;
}

function within(tx: TenantTx, namespace: string, span: Span) {
  return sql`d.tenant_id = ${tx.tenant} and d.namespace = ${namespace}
     and d.received_at >= recsys.from_unix_ms(${span.from}::float8)
     and d.received_at < recsys.from_unix_ms(${span.to}::float8)`;
}
