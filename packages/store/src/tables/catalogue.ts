import { ApiError, type Item, type ItemChange } from "@recsys/contracts";
import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";
import { isReadableItem } from "./readable-item.ts";

/** NOTIFY channel that tells replicas of a new catalogue revision. */
export const CATALOGUE_CHANNEL = "recsys_catalogue";

/** Payload on CATALOGUE_CHANNEL. */
export interface CatalogueChanged {
  readonly tenant: string;
  readonly namespace: string;
  readonly revision: number;
}

/** The namespaces that ever had an item, by name. */
export async function listCatalogues(tx: TenantTx): Promise<readonly string[]> {
  const found = await sql<{ namespace: string }>`
    select c.namespace
      from public.catalogues c
     where c.tenant_id = ${tx.tenant}
     order by c.namespace collate "C"`.execute(tx.db);
  return found.rows.map(({ namespace }) => namespace);
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

/** The items of a namespace, and which rows hold none that this release can read. */
export interface StoredCatalogue {
  readonly revision: number;
  readonly items: readonly Item[];
  /** Ids, sorted. */
  readonly unreadable: readonly string[];
}

interface ItemRow {
  readonly id: string;
  readonly item: unknown;
}

/** All items with the revision that they make up, read in one snapshot; sorted by id. */
export async function loadCatalogue(
  tx: TenantTx,
  namespace: string,
): Promise<StoredCatalogue> {
  const found = await sql<
    ItemRow & { readonly revision: number; readonly isItem: boolean }
  >`
    select c.revision, i.item_id as id, i.item, i.item_id is not null as "isItem"
      from public.catalogues c
      left join public.items i
        on i.tenant_id = c.tenant_id and i.namespace = c.namespace
     where c.tenant_id = ${tx.tenant} and c.namespace = ${namespace}
     order by i.item_id`.execute(tx.db);
  const rows = found.rows.filter(({ isItem }) => isItem);
  return { revision: found.rows[0]?.revision ?? 0, ...partedItems(rows) };
}

function partedItems(
  rows: readonly ItemRow[],
): Pick<StoredCatalogue, "items" | "unreadable"> {
  const items: Item[] = [];
  const unreadable: string[] = [];
  for (const { id, item } of rows) {
    if (isReadableItem(item, id)) items.push(item);
    else unreadable.push(id);
  }
  return { items, unreadable };
}

/** A change as it was read; an item that cannot be read counts as deleted. */
export interface StoredItemChange extends ItemChange {
  readonly isReadable: boolean;
}

/**
 * The next changes after a position, in order. Positions become visible in
 * order: a reader that saw n never later finds a smaller one it has not seen.
 */
export async function itemChangesSince(
  tx: TenantTx,
  namespace: string,
  after: { readonly position: number; readonly limit: number },
): Promise<readonly StoredItemChange[]> {
  const found = await sql<{
    readonly position: number;
    readonly item_id: string;
    readonly item: unknown;
    readonly isDeleted: boolean;
  }>`
    select c.position, c.item_id, c.item, c.item is null as "isDeleted"
      from public.item_changes c
     where c.tenant_id = ${tx.tenant} and c.namespace = ${namespace}
       and c.position > ${after.position}
     order by c.position
     limit ${after.limit}`.execute(tx.db);
  return found.rows.map(({ position, item_id, item, isDeleted }) => {
    const read = isReadableItem(item, item_id) ? item : null;
    const isReadable = isDeleted || read !== null;
    return { position, item_id, item: read, isReadable };
  });
}

/**
 * The catalogue as it was at a revision, as far as it can be read, sorted by id. Throws
 * REPLAY_IMPOSSIBLE for revisions that retention has compacted away.
 */
export async function catalogueAt(
  tx: TenantTx,
  namespace: string,
  revision: number,
): Promise<readonly Item[]> {
  await refuseCompacted(tx, namespace, revision);
  const found = await sql<ItemRow>`
    select newest.item_id as id, newest.item
      from (select distinct on (c.item_id) c.item_id, c.item
              from public.item_changes c
             where c.tenant_id = ${tx.tenant} and c.namespace = ${namespace}
               and c.position <= ${revision}
             order by c.item_id, c.position desc) newest
     where newest.item is not null
     order by newest.item_id`.execute(tx.db);
  return partedItems(found.rows).items;
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
