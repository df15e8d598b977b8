import {
  canonicalJson,
  type Item,
  type ItemInput,
  type RowResult,
} from "@recsys/contracts";
import { sql, type RawBuilder } from "kysely";
import type { TenantTx } from "../database/store.ts";
import { CATALOGUE_CHANNEL } from "./catalogue.ts";
import { distinctSorted } from "./columns.ts";
import { decodeCursor, toPage, type Page, type PageRequest } from "./cursor.ts";
import { allOf, refuseEmpty } from "./filters.ts";
import { patchItem } from "./item-patch.ts";
import { isReadableItem } from "./readable-item.ts";

/** Which items: all conditions that are given must hold. `updatedSince` in Unix milliseconds. */
export interface ItemFilter {
  readonly ids?: readonly string[];
  readonly tag?: string;
  readonly brand?: string;
  /** Any level of the category path. */
  readonly category?: string;
  readonly available?: boolean;
  readonly updatedSince?: number;
}

export interface StoredItem {
  readonly item: Item;
  /** Catalogue revision that made it so. */
  readonly revision: number;
  /** Unix milliseconds. */
  readonly updatedAt: number;
}

/**
 * Applies partial updates in the order of the batch, appends one change per
 * item that came out different, and tells other replicas. A row that changes
 * nothing is `duplicate`. Writers of one namespace take turns.
 */
export async function upsertItems(
  tx: TenantTx,
  namespace: string,
  rows: readonly { readonly row: number; readonly input: ItemInput }[],
): Promise<{ readonly results: RowResult[]; readonly revision: number }> {
  const revision = await lockCatalogue(tx, namespace);
  const ids = distinctSorted(rows.map(({ input }) => input.item_id));
  const before = await loadItems(tx, namespace, ids);
  const after = new Map<string, Item>(before);
  const results = rows.map(({ row, input }): RowResult => {
    const current = after.get(input.item_id) ?? null;
    const next = patchItem(current, input);
    after.set(input.item_id, next);
    return { row, status: isSame(current, next) ? "duplicate" : "accepted" };
  });
  const changed = ids.flatMap((id) => {
    const next = after.get(id) ?? null;
    return next === null || isSame(before.get(id) ?? null, next)
      ? []
      : [{ id, item: JSON.stringify(next) }];
  });
  await writeChanges(tx, namespace, { revision, changed });
  return { results, revision: revision + changed.length };
}

/** A page of items by id; rows that this release cannot read are left out. */
export async function listItems(
  tx: TenantTx,
  namespace: string,
  list: PageRequest & { readonly filter: ItemFilter },
): Promise<Page<StoredItem>> {
  const conditions = [within(tx, namespace), ...filtering(list.filter)];
  if (list.cursor !== undefined) {
    const [after] = decodeCursor(list.cursor, ["text"]);
    conditions.push(sql`i.item_id > ${after}`);
  }
  const found = await sql<StoredItem & { readonly id: string }>`
    select i.item_id as id, i.item, i.revision,
           recsys.unix_ms(i.updated_at) as "updatedAt"
      from public.items i
     where ${allOf(conditions)}
     order by i.item_id
     limit ${list.limit + 1}`.execute(tx.db);
  const page = toPage(found.rows, list.limit, ({ id }) => [id]);
  const rows = page.rows.filter(({ id, item }) => isReadableItem(item, id));
  return { ...page, rows };
}

/** Deletes the items that match and appends a change for each. An empty filter is refused. */
export async function deleteItems(
  tx: TenantTx,
  namespace: string,
  filter: ItemFilter,
): Promise<{ readonly deleted: number; readonly revision: number }> {
  refuseEmpty(filter);
  const revision = await lockCatalogue(tx, namespace);
  const gone = await sql<{ item_id: string }>`
    delete from public.items i
     where ${allOf([within(tx, namespace), ...filtering(filter)])}
    returning i.item_id`.execute(tx.db);
  const changed = distinctSorted(gone.rows.map((row) => row.item_id)).map(
    (id) => ({ id, item: null }),
  );
  await appendChanges(tx, namespace, { revision, changed });
  return { deleted: changed.length, revision: revision + changed.length };
}

interface Changes {
  /** Revision before them. */
  readonly revision: number;
  readonly changed: readonly {
    readonly id: string;
    readonly item: string | null;
  }[];
}

/** Waits for the turn of this transaction; returns the revision so far. */
async function lockCatalogue(tx: TenantTx, namespace: string): Promise<number> {
  await sql`
    insert into public.catalogues (tenant_id, namespace)
    values (${tx.tenant}, ${namespace})
        on conflict do nothing`.execute(tx.db);
  const locked = await sql<{ revision: number }>`
    select c.revision
      from public.catalogues c
     where c.tenant_id = ${tx.tenant} and c.namespace = ${namespace}
       for update`.execute(tx.db);
  return locked.rows[0]?.revision ?? 0;
}

/** The items as far as they can be read: an update of another one writes it anew. */
async function loadItems(
  tx: TenantTx,
  namespace: string,
  ids: readonly string[],
): Promise<Map<string, Item>> {
  const found = await sql<{ readonly id: string; readonly item: unknown }>`
    select i.item_id as id, i.item
      from public.items i
     where i.tenant_id = ${tx.tenant} and i.namespace = ${namespace}
       and i.item_id = any(${ids}::text[])`.execute(tx.db);
  return new Map(
    found.rows.flatMap(({ id, item }) =>
      isReadableItem(item, id) ? [[id, item]] : [],
    ),
  );
}

async function writeChanges(
  tx: TenantTx,
  namespace: string,
  changes: Changes,
): Promise<void> {
  const ids = changes.changed.map((change) => change.id);
  const items = changes.changed.map((change) => change.item);
  await sql`
    insert into public.items
           (tenant_id, namespace, item_id, item, revision, updated_at)
    select ${tx.tenant}, ${namespace}, n.id, n.item::jsonb,
           ${changes.revision}::bigint + n.place, recsys.now()
      from unnest(${ids}::text[], ${items}::text[])
           with ordinality as n (id, item, place)
        on conflict (tenant_id, namespace, item_id) do update
           set item = excluded.item, revision = excluded.revision,
               updated_at = excluded.updated_at`.execute(tx.db);
  await appendChanges(tx, namespace, changes);
}

async function appendChanges(
  tx: TenantTx,
  namespace: string,
  { revision, changed }: Changes,
): Promise<void> {
  if (changed.length === 0) return;
  await sql`
    insert into public.item_changes
           (tenant_id, namespace, position, item_id, item, changed_at)
    select ${tx.tenant}, ${namespace}, ${revision}::bigint + n.place, n.id,
           n.item::jsonb, recsys.now()
      from unnest(${changed.map((change) => change.id)}::text[],
                  ${changed.map((change) => change.item)}::text[])
           with ordinality as n (id, item, place)`.execute(tx.db);
  const payload = JSON.stringify({
    tenant: tx.tenant,
    namespace,
    revision: revision + changed.length,
  });
  await sql`
    update public.catalogues
       set revision = ${revision + changed.length}, changed_at = recsys.now()
     where tenant_id = ${tx.tenant} and namespace = ${namespace}`.execute(
    tx.db,
  );
  await sql`select pg_notify(${CATALOGUE_CHANNEL}, ${payload})`.execute(tx.db);
}

function isSame(current: Item | null, next: Item): boolean {
  return current !== null && canonicalJson(current) === canonicalJson(next);
}

function within(tx: TenantTx, namespace: string): RawBuilder<unknown> {
  return sql`i.tenant_id = ${tx.tenant} and i.namespace = ${namespace}`;
}

function filtering(filter: ItemFilter): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [];
  const { ids, tag, brand, category, available, updatedSince } = filter;
  if (ids !== undefined) conditions.push(sql`i.item_id = any(${ids}::text[])`);
  if (tag !== undefined) conditions.push(sql`i.item -> 'tags' ? ${tag}`);
  if (brand !== undefined) conditions.push(sql`i.item ->> 'brand' = ${brand}`);
  if (category !== undefined) {
    conditions.push(sql`i.item -> 'category' ? ${category}`);
  }
  if (available !== undefined) {
    conditions.push(
      sql`i.item -> 'available' = to_jsonb(${available}::boolean)`,
    );
  }
  if (updatedSince !== undefined) {
    conditions.push(
      sql`i.updated_at >= recsys.from_unix_ms(${updatedSince}::float8)`,
    );
  }
  return conditions;
}
