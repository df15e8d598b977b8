import {
  LAST_MOMENT_MS,
  type AttributeValue,
  type Item,
} from "@recsys/contracts";

/**
 * Whether a stored value is this item in a form that this release can serve.
 * The API writes no other, but an older release or a person may have: such a
 * row is left out and reported, and must not stop the rest of its catalogue.
 */
export function isReadableItem(value: unknown, id: string): value is Item {
  if (!isObject(value)) return false;
  return (
    value["item_id"] === id &&
    typeof value["available"] === "boolean" &&
    isTexts(value["tags"]) &&
    isTexts(value["category"]) &&
    isObject(value["attributes"]) &&
    Object.values(value["attributes"]).every(isAttribute) &&
    TEXTS.every((field) => isAbsentOr(value[field], isText)) &&
    NUMBERS.every((field) => isAbsentOr(value[field], Number.isFinite)) &&
    TIMES.every((field) => isAbsentOr(value[field], isTime)) &&
    isAbsentOr(value["labels"], isScores) &&
    isAbsentOr(value["sponsored"], isTruth) &&
    isAbsentOr(value["embedding"], isNumbers)
  );
}

const TEXTS = [
  "currency",
  "brand",
  "provider_id",
  "title",
  "description",
  "image_url",
  "url",
  "locale",
] as const satisfies readonly (keyof Item)[];

const NUMBERS = [
  "price",
  "stock",
  "margin",
] as const satisfies readonly (keyof Item)[];

const TIMES = [
  "valid_from",
  "valid_until",
  "created_at",
] as const satisfies readonly (keyof Item)[];

function isAttribute(value: unknown): value is AttributeValue {
  return (
    isText(value) ||
    Number.isFinite(value) ||
    typeof value === "boolean" ||
    isTexts(value)
  );
}

function isAbsentOr(
  value: unknown,
  holds: (value: unknown) => boolean,
): boolean {
  return value === undefined || holds(value);
}

function isTime(value: unknown): boolean {
  return typeof value === "number" && Math.abs(value) <= LAST_MOMENT_MS;
}

function isTruth(value: unknown): value is boolean {
  return typeof value === "boolean";
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText);
}

function isNumbers(value: unknown): boolean {
  return Array.isArray(value) && value.every(Number.isFinite);
}

function isScores(value: unknown): boolean {
  return isObject(value) && Object.values(value).every(Number.isFinite);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
