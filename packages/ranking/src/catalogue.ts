import type { Item, ItemChange } from "@recsys/contracts";
import {
  copyColumns,
  emptyWords,
  ITEM_STATE,
  writeColumns,
  type CatalogueColumns,
  type CatalogueWords,
} from "./catalogue-columns.ts";

/**
 * The items of a namespace at one revision, immutable. An item keeps its
 * position for ever (deleted ones too), so that what was bound to positions
 * stays bound when items change.
 */
export interface Catalogue {
  /** Position in the log of item changes up to which this catalogue knows. */
  readonly revision: number;
  /** Number of positions, deleted items included. */
  readonly size: number;
  /** Number of items that exist. */
  readonly liveCount: number;
  /** By position; shared with later revisions, so only the first `size` count. */
  readonly ids: readonly string[];
  /** By position, null where the item was deleted. */
  readonly items: readonly (Item | null)[];
  readonly columns: CatalogueColumns;
  readonly words: CatalogueWords;
  /** -1 for an id that this revision never had. */
  positionOf(itemId: string): number;
  /** Positions of live items with a creation time, newest first. */
  newestFirst(): Int32Array;
  /** The catalogue after these changes; changes already contained are skipped. */
  withChanges(changes: readonly ItemChange[]): Catalogue;
}

/** A catalogue of these items; a repeated id keeps the last of its rows. */
export function createCatalogue(
  items: readonly Item[],
  revision: number,
): Catalogue {
  const empty = freeze({
    revision: revision - 1,
    ids: [],
    index: new Map(),
    items: [],
    columns: copyColumns(null, 0),
    words: emptyWords(),
  });
  return empty.withChanges(
    items.map((item) => ({ position: revision, item_id: item.item_id, item })),
  );
}

interface Parts {
  readonly revision: number;
  readonly ids: string[];
  readonly index: Map<string, number>;
  readonly items: readonly (Item | null)[];
  readonly columns: CatalogueColumns;
  readonly words: CatalogueWords;
}

function freeze(parts: Parts): Catalogue {
  const { ids, index, items, columns } = parts;
  const size = items.length;
  let newest: Int32Array | null = null;
  return {
    revision: parts.revision,
    size,
    liveCount: columns.state.reduce(
      (sum, state) => sum + (state & ITEM_STATE.exists),
      0,
    ),
    ids,
    items,
    columns,
    words: parts.words,
    positionOf(itemId) {
      const position = index.get(itemId);
      return position !== undefined && position < size ? position : -1;
    },
    newestFirst() {
      newest ??= sortNewestFirst(columns, ids);
      return newest;
    },
    withChanges(changes) {
      return change(parts, changes);
    },
  };
}

function change(parts: Parts, changes: readonly ItemChange[]): Catalogue {
  const fresh = changes.filter((each) => each.position > parts.revision);
  // The index and the list of ids are shared by all revisions in one line of
  // descent; a second branch from an older revision gets its own.
  const isTip = parts.ids.length === parts.items.length;
  const ids = isTip ? parts.ids : parts.ids.slice(0, parts.items.length);
  const index = isTip ? parts.index : new Map(ids.map((id, at) => [id, at]));
  let revision = Math.max(parts.revision, 0);
  for (const { item_id: id, item, position } of fresh) {
    revision = Math.max(revision, position);
    if (item === null || index.has(id)) continue;
    index.set(id, ids.length);
    ids.push(id);
  }
  const items = parts.items.slice();
  while (items.length < ids.length) items.push(null);
  const columns = copyColumns(parts.columns, ids.length);
  for (const { item_id: id, item } of fresh) {
    const position = index.get(id);
    if (position === undefined) continue;
    items[position] = item;
    writeColumns(columns, parts.words, { position, item });
  }
  return freeze({ ...parts, revision, ids, index, items, columns });
}

function sortNewestFirst(
  columns: CatalogueColumns,
  ids: readonly string[],
): Int32Array {
  const { createdAt, state } = columns;
  const positions: number[] = [];
  for (let p = 0; p < state.length; p++) {
    if (state[p] !== 0 && !Number.isNaN(createdAt[p])) positions.push(p);
  }
  positions.sort((a, b) => {
    const difference = (createdAt[b] ?? 0) - (createdAt[a] ?? 0);
    return difference !== 0 ? difference : compareIds(ids, a, b);
  });
  return Int32Array.from(positions);
}

/** Ties are decided by item id, compared as strings by code unit. */
export function compareIds(
  ids: readonly string[],
  a: number,
  b: number,
): number {
  const left = ids[a] ?? "";
  const right = ids[b] ?? "";
  return left < right ? -1 : left > right ? 1 : 0;
}
