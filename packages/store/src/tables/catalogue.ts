import { ApiError, type Item, type ItemChange } from "@recsys/contracts";
import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";

/** NOTIFY channel that tells replicas of a new catalogue revision. */
export const CATALOGUE_CHANNEL = "recsys_catalogue";

/** Payload on CATALOGUE_CHANNEL. */
export interface CatalogueChanged {
  readonly tenant: string;
  readonly namespace: string;
  readonly revision: number;
}

/** Position of the newest item change; 0 before the first. */
export async function catalogueRevision(
  tx: TenantTx,
  namespace: string,
): Promise<number> {
  const found = await sql<{ revision: number }>`
    select c.revision
      from public.catalogues c
     where c.tenant_id = ${tx.tenant} and c.namespace = ${namespace}`.execute(
    tx.db,
  );
  return found.rows[0]?.revision ?? 0;
}

/** All items with the revision that they make up, read in one snapshot; sorted by id. */
export async function loadCatalogue(
  tx: TenantTx,
  namespace: string,
): Promise<{ readonly revision: number; readonly items: readonly Item[] }> {
  const found = await sql<{ revision: number; item: Item | null }>`
    select c.revision, i.item
      from public.catalogues c
      left join public.items i
        on i.tenant_id = c.tenant_id and i.namespace = c.namespace
     where c.tenant_id = ${tx.tenant} and c.namespace = ${namespace}
     order by i.item_id`.execute(tx.db);
  return {
    revision: found.rows[0]?.revision ?? 0,
    items: found.rows.flatMap((row) => row.item ?? []),
  };
}

/**
 * The next changes after a position, in order. Positions become visible in
 * order: a reader that saw n never later finds a smaller one it has not seen.
 */
export async function itemChangesSince(
  tx: TenantTx,
  namespace: string,
  after: { readonly position: number; readonly limit: number },
): Promise<readonly ItemChange[]> {
  const found = await sql<ItemChange>`
    select c.position, c.item_id, c.item
      from public.item_changes c
     where c.tenant_id = ${tx.tenant} and c.namespace = ${namespace}
       and c.position > ${after.position}
     order by c.position
     limit ${after.limit}`.execute(tx.db);
  return found.rows;
}

/**
 * The catalogue as it was at a revision, sorted by id. Throws
 * REPLAY_IMPOSSIBLE for revisions that retention has compacted away.
 */
export async function catalogueAt(
  tx: TenantTx,
  namespace: string,
  revision: number,
): Promise<readonly Item[]> {
  await refuseCompacted(tx, namespace, revision);
  const found = await sql<{ item: Item }>`
    select newest.item
      from (select distinct on (c.item_id) c.item_id, c.item
              from public.item_changes c
             where c.tenant_id = ${tx.tenant} and c.namespace = ${namespace}
               and c.position <= ${revision}
             order by c.item_id, c.position desc) newest
     where newest.item is not null
     order by newest.item_id`.execute(tx.db);
  return found.rows.map((row) => row.item);
}

async function refuseCompacted(
  tx: TenantTx,
  namespace: string,
  revision: number,
): Promise<void> {
  const found = await sql<{ revision: number; oldest: number }>`
    select c.revision, c.oldest_revision as oldest
      from public.catalogues c
     where c.tenant_id = ${tx.tenant} and c.namespace = ${namespace}`.execute(
    tx.db,
  );
  const oldest = found.rows[0]?.oldest ?? 0;
  const newest = found.rows[0]?.revision ?? 0;
  if (revision < oldest || revision > newest) {
    throw new ApiError("REPLAY_IMPOSSIBLE", {
      detail: `The log of item changes reaches from revision ${oldest} to ${newest}; revision ${revision} is not in it.`,
    });
  }
}
