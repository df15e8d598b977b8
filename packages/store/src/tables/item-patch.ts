import type { AttributeValue, Item, ItemInput } from "@recsys/contracts";

/** Fields that a partial update copies as they are; absent keeps, null clears. */
const PLAIN_FIELDS = [
  "price",
  "currency",
  "stock",
  "brand",
  "provider_id",
  "margin",
  "sponsored",
  "title",
  "description",
  "image_url",
  "url",
  "locale",
  "embedding",
] as const satisfies readonly (keyof ItemInput & keyof Item)[];

const TIME_FIELDS = [
  "valid_from",
  "valid_until",
  "created_at",
] as const satisfies readonly (keyof ItemInput & keyof Item)[];

/**
 * The item after a partial update: absent fields keep their value, null
 * clears, attributes merge key by key. `current` null makes a new item, which
 * is available unless said. Times become Unix milliseconds.
 */
export function patchItem(current: Item | null, input: ItemInput): Item {
  const next: Record<string, unknown> = { ...current };
  next["item_id"] = input.item_id;
  next["available"] = input.available ?? current?.available ?? true;
  next["tags"] = cleared(input.tags, current?.tags);
  next["category"] = cleared(input.category, current?.category);
  next["attributes"] = mergeKeys(current?.attributes, input.attributes);
  const labels = mergeKeys(current?.labels, input.labels);
  if (Object.keys(labels).length > 0) next["labels"] = labels;
  else Reflect.deleteProperty(next, "labels");
  for (const field of PLAIN_FIELDS) {
    const value = input[field];
    if (value === null) Reflect.deleteProperty(next, field);
    else if (value !== undefined) next[field] = value;
  }
  for (const field of TIME_FIELDS) {
    const value = input[field];
    if (value === null) Reflect.deleteProperty(next, field);
    else if (value !== undefined) next[field] = toUnixMs(value);
  }
  return next as unknown as Item;
}

/** Unix milliseconds of an RFC 3339 time; NaN where it names no moment, such as month 13. */
export function toUnixMs(timestamp: string): number {
  return Date.parse(timestamp.toUpperCase().replace(" ", "T"));
}

/** Merges a patch of keys: null removes a key, absent ones stay. */
export function mergeKeys<T extends AttributeValue>(
  current: Readonly<Record<string, T>> | undefined,
  patch: Readonly<Record<string, T | null>> | undefined,
): Record<string, T> {
  const merged = new Map<string, T>(Object.entries(current ?? {}));
  for (const [key, value] of Object.entries(patch ?? {})) {
    if (value === null) merged.delete(key);
    else merged.set(key, value);
  }
  return Object.fromEntries(merged);
}

function cleared(
  input: readonly string[] | null | undefined,
  current: readonly string[] | undefined,
): readonly string[] {
  return input === undefined ? (current ?? []) : (input ?? []);
}
