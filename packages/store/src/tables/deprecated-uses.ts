import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";
import { columnOf } from "./columns.ts";

/** Uses of one deprecated thing by one caller. */
export interface DeprecatedUses {
  readonly what: string;
  readonly caller: string;
  readonly uses: number;
}

/** Adds uses to those of today. */
export async function countDeprecatedUses(
  tx: TenantTx,
  namespace: string,
  rows: readonly DeprecatedUses[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into public.deprecated_uses as d
           (tenant_id, namespace, day, caller, what, uses, last_at)
    select ${tx.tenant}, ${namespace}, (recsys.now() at time zone 'UTC')::date,
           n.caller, n.what, n.uses, recsys.now()
      from unnest(${columnOf(rows, (row) => row.caller)}::text[],
                  ${columnOf(rows, (row) => row.what)}::text[],
                  ${columnOf(rows, (row) => row.uses)}::float8[])
           as n (caller, what, uses)
     order by n.caller collate "C", n.what collate "C"
        on conflict (tenant_id, namespace, day, caller, what) do update
           set uses = d.uses + excluded.uses,
               last_at = excluded.last_at`.execute(tx.db);
}

/** Uses by thing and caller since a time in Unix milliseconds, by whole days, most used first. */
export async function listDeprecatedUses(
  tx: TenantTx,
  namespace: string,
  since: number,
): Promise<readonly (DeprecatedUses & { readonly lastAt: number })[]> {
  const found = await sql<DeprecatedUses & { readonly lastAt: number }>`
    select d.what, d.caller, sum(d.uses)::float8 as uses,
           recsys.unix_ms(max(d.last_at)) as "lastAt"
      from public.deprecated_uses d
     where d.tenant_id = ${tx.tenant} and d.namespace = ${namespace}
       and d.day >= (recsys.from_unix_ms(${since}::float8) at time zone 'UTC')::date
     group by d.what, d.caller
     order by uses desc, d.what, d.caller`.execute(tx.db);
  return found.rows;
}
