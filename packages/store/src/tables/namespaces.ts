import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";
import { CATALOGUE_CHANNEL } from "./catalogue.ts";
import { deleteItems } from "./items.ts";
import { announceEverybody } from "./user-changes.ts";

export interface RemovedRows {
  readonly table: string;
  readonly rows: number;
}

/** Items of a namespace: how many, and one hash over all of them by id. */
export interface CatalogueDigest {
  readonly items: number;
  readonly sha256: string;
}

export async function digestCatalogue(
  tx: TenantTx,
  namespace: string,
): Promise<CatalogueDigest> {
  const found = await sql<CatalogueDigest>`
    select count(*)::float8 as items,
           encode(sha256(convert_to(coalesce(
             string_agg(i.item::text, E'\n' order by i.item_id), ''), 'UTF8')),
             'hex') as sha256
      from public.items i
     where i.tenant_id = ${tx.tenant} and i.namespace = ${namespace}`.execute(
    tx.db,
  );
  return found.rows[0] ?? { items: 0, sha256: "" };
}

/**
 * Removes the items, people, events, decisions and all else that a namespace
 * holds, but its configuration, its history and the audit. Other replicas hear
 * of it when the transaction commits. Returns the rows by table.
 */
export async function resetNamespace(
  tx: TenantTx,
  namespace: string,
): Promise<readonly RemovedRows[]> {
  const { deleted } = await deleteItems(tx, namespace, { updatedSince: 0 });
  const found = await sql<RemovedRows>`
    select r.name as table, r.removed::float8 as rows
      from recsys.reset_namespace(${namespace}) r`.execute(tx.db);
  await announceEverybody(tx, namespace);
  const items = deleted === 0 ? [] : [{ table: "items", rows: deleted }];
  return [...items, ...found.rows].sort((a, b) => (a.table < b.table ? -1 : 1));
}

/** Copies the items into a namespace that has none; returns how many. */
export async function copyItems(
  tx: TenantTx,
  from: string,
  to: string,
): Promise<number> {
  await sql`
    insert into public.catalogues (tenant_id, namespace)
    values (${tx.tenant}, ${to})
        on conflict do nothing`.execute(tx.db);
  const locked = await sql<{ revision: number }>`
    select c.revision from public.catalogues c
     where c.tenant_id = ${tx.tenant} and c.namespace = ${to}
       for update`.execute(tx.db);
  const before = locked.rows[0]?.revision ?? 0;
  const copied = await sql`
    insert into public.items
           (tenant_id, namespace, item_id, item, revision, updated_at)
    select i.tenant_id, ${to}, i.item_id, i.item,
           ${before}::bigint + row_number() over (order by i.item_id),
           recsys.now()
      from public.items i
     where i.tenant_id = ${tx.tenant} and i.namespace = ${from}`.execute(tx.db);
  const count = Number(copied.numAffectedRows ?? 0);
  await sql`
    insert into public.item_changes
           (tenant_id, namespace, position, item_id, item, changed_at)
    select i.tenant_id, i.namespace, i.revision, i.item_id, i.item, i.updated_at
      from public.items i
     where i.tenant_id = ${tx.tenant} and i.namespace = ${to}
       and i.revision > ${before}::bigint`.execute(tx.db);
  const revision = before + count;
  await sql`
    update public.catalogues
       set revision = ${revision}::bigint, changed_at = recsys.now()
     where tenant_id = ${tx.tenant} and namespace = ${to}`.execute(tx.db);
  const payload = { tenant: tx.tenant, namespace: to, revision };
  await sql`select pg_notify(${CATALOGUE_CHANNEL}, ${JSON.stringify(payload)})`.execute(
    tx.db,
  );
  return count;
}
