import type { Item } from "@recsys/contracts";

/** What the column `state` says of an item. */
export const ITEM_STATE = {
  exists: 1,
  available: 2,
  /** Has a valid_from or a valid_until. */
  window: 4,
  /** Has a stock, and it is used up. */
  soldOut: 8,
  /** Has scores on labels of the policy. */
  labelled: 16,
} as const;

/** What filters and caps read of each item, by catalogue position. */
export interface CatalogueColumns {
  /** Bits of ITEM_STATE: one byte answers most filters for most items. */
  readonly state: Uint8Array;
  /** Unix milliseconds; -Infinity and Infinity where not set. */
  readonly validFrom: Float64Array;
  readonly validUntil: Float64Array;
  /** NaN where not set. */
  readonly price: Float64Array;
  /** Unix milliseconds, NaN where not set. */
  readonly createdAt: Float64Array;
  /** Numbers of interned words, 0 for none. A category is its whole path. */
  readonly brand: Int32Array;
  readonly category: Int32Array;
  readonly provider: Int32Array;
  /** Share of price, NaN where not set. */
  readonly margin: Float64Array;
  /** 1 where somebody pays for the item's places. */
  readonly sponsored: Uint8Array;
  readonly tags: readonly (readonly number[])[];
}

/** Numbers for the words of a catalogue; they are only ever added. */
export interface CatalogueWords {
  readonly brands: Map<string, number>;
  readonly categories: Map<string, number>;
  readonly providers: Map<string, number>;
  readonly tags: Map<string, number>;
}

export function emptyWords(): CatalogueWords {
  return {
    brands: new Map(),
    categories: new Map(),
    providers: new Map(),
    tags: new Map(),
  };
}

const NO_TAGS: readonly number[] = [];

/** Columns of `size` positions that start as a copy of `before`. */
export function copyColumns(
  before: CatalogueColumns | null,
  size: number,
): CatalogueColumns {
  const tags = before === null ? [] : before.tags.slice();
  while (tags.length < size) tags.push(NO_TAGS);
  return {
    state: grow(new Uint8Array(size), before?.state),
    validFrom: grow(new Float64Array(size), before?.validFrom),
    validUntil: grow(new Float64Array(size), before?.validUntil),
    price: grow(new Float64Array(size), before?.price),
    createdAt: grow(new Float64Array(size), before?.createdAt),
    brand: grow(new Int32Array(size), before?.brand),
    category: grow(new Int32Array(size), before?.category),
    provider: grow(new Int32Array(size), before?.provider),
    margin: grow(new Float64Array(size), before?.margin),
    sponsored: grow(new Uint8Array(size), before?.sponsored),
    tags,
  };
}

function grow<T extends Uint8Array | Float64Array | Int32Array>(
  column: T,
  before: T | undefined,
): T {
  if (before !== undefined) column.set(before);
  return column;
}

/** Writes one item (null: deleted) into columns that nobody else sees yet. */
export function writeColumns(
  columns: CatalogueColumns,
  words: CatalogueWords,
  row: { readonly position: number; readonly item: Item | null },
): void {
  const { position, item } = row;
  columns.state[position] = item === null ? 0 : stateOf(item);
  if (item === null) return;
  columns.validFrom[position] = item.valid_from ?? -Infinity;
  columns.validUntil[position] = item.valid_until ?? Infinity;
  columns.price[position] = item.price ?? NaN;
  columns.createdAt[position] = item.created_at ?? NaN;
  columns.brand[position] =
    item.brand === undefined ? 0 : intern(words.brands, item.brand);
  columns.category[position] =
    item.category.length === 0
      ? 0
      : intern(words.categories, JSON.stringify(item.category));
  columns.provider[position] =
    item.provider_id === undefined
      ? 0
      : intern(words.providers, item.provider_id);
  columns.margin[position] = item.margin ?? NaN;
  columns.sponsored[position] = item.sponsored === true ? 1 : 0;
  (columns.tags as (readonly number[])[])[position] =
    item.tags.length === 0
      ? NO_TAGS
      : item.tags.map((tag) => intern(words.tags, tag)).sort((a, b) => a - b);
}

function stateOf(item: Item): number {
  const hasWindow =
    item.valid_from !== undefined || item.valid_until !== undefined;
  return (
    ITEM_STATE.exists |
    (item.available ? ITEM_STATE.available : 0) |
    (hasWindow ? ITEM_STATE.window : 0) |
    ((item.stock ?? Infinity) <= 0 ? ITEM_STATE.soldOut : 0) |
    (item.labels === undefined ? 0 : ITEM_STATE.labelled)
  );
}

function intern(words: Map<string, number>, word: string): number {
  const known = words.get(word);
  if (known !== undefined) return known;
  words.set(word, words.size + 1);
  return words.size;
}
