import type { Entity, RowProblem } from "./record.ts";
import { parseTime, shifted } from "./times.ts";

/** How a value of a file becomes a value of a field. */
type FieldKind =
  "text" | "number" | "boolean" | "time" | "list" | "numbers" | "map";

export type Fields = Readonly<Record<string, FieldKind>>;

const subject = {
  user_id: "text",
  anonymous_id: "text",
  session_id: "text",
} as const;

/** The fields of each entity that a column may be mapped to; `map` fields take `attributes.colour`. */
export const FIELDS: Readonly<Record<Entity, Fields>> = {
  item: {
    item_id: "text",
    available: "boolean",
    valid_from: "time",
    valid_until: "time",
    price: "number",
    currency: "text",
    stock: "number",
    tags: "list",
    category: "list",
    brand: "text",
    provider_id: "text",
    margin: "number",
    sponsored: "boolean",
    title: "text",
    description: "text",
    image_url: "text",
    url: "text",
    locale: "text",
    created_at: "time",
    attributes: "map",
    embedding: "numbers",
  },
  user: {
    user_id: "text",
    traits: "map",
    locale: "text",
    consent: "text",
  },
  event: {
    event_id: "text",
    ...subject,
    type: "text",
    item_id: "text",
    value: "number",
    quantity: "number",
    price: "number",
    currency: "text",
    order_id: "text",
    ts: "time",
    request_id: "text",
    position: "number",
    surface: "text",
    context: "map",
    client: "text",
    canary: "boolean",
  },
  exposure: {
    exposure_id: "text",
    request_id: "text",
    item_ids: "list",
    ...subject,
    ts: "time",
  },
  outcome: {
    outcome_id: "text",
    request_id: "text",
    item_id: "text",
    type: "text",
    ...subject,
    value: "number",
    quantity: "number",
    price: "number",
    order_id: "text",
    ts: "time",
  },
};

/** Where a column goes: a field, or one key of a map with the kind its values have. */
export interface FieldTarget {
  readonly field: string;
  readonly key?: string;
  readonly kind: FieldKind;
}

const KEY_KINDS: Readonly<Record<string, FieldKind>> = {
  string: "text",
  number: "number",
  boolean: "boolean",
  list: "list",
};

/**
 * What a column name or mapping target means: `price`, `attributes.colour`,
 * `attributes.year:number`. Undefined when there is no such place.
 */
export function targetOf(
  fields: Fields,
  target: string,
): FieldTarget | undefined {
  const field = target.split(".")[0] ?? "";
  const kind = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (kind === undefined) return undefined;
  if (field === target) return { field, kind };
  const [key = "", keyKind = "string"] = target
    .slice(field.length + 1)
    .split(":");
  const known = Object.hasOwn(KEY_KINDS, keyKind)
    ? KEY_KINDS[keyKind]
    : undefined;
  // As a key of an object this one would be lost.
  if (key === "__proto__") return undefined;
  return kind === "map" && key !== "" && known !== undefined
    ? { field, key, kind: known }
    : undefined;
}

interface Assignment {
  readonly target: FieldTarget;
  readonly value: unknown;
  readonly timeOffsetDays: number;
}

/** Puts a value in its place; an empty text means absent, null stays null (it clears). */
export function setField(
  input: Record<string, unknown>,
  { target, value, timeOffsetDays }: Assignment,
): RowProblem | undefined {
  if (value === "" || value === undefined) return undefined;
  const place = placeOf(input, target);
  const name = target.key ?? target.field;
  const coerced: Coerced =
    value === null ? { ok: true, value } : coerce(target.kind, value);
  if (!coerced.ok) {
    return { code: coerced.code, path: "", message: coerced.message };
  }
  place[name] =
    coerced.timeMs === undefined
      ? coerced.value
      : shifted(coerced.timeMs, timeOffsetDays);
  return undefined;
}

function placeOf(
  input: Record<string, unknown>,
  target: FieldTarget,
): Record<string, unknown> {
  if (target.key === undefined) return input;
  return (input[target.field] ??= {}) as Record<string, unknown>;
}

type Coerced =
  | { readonly ok: true; readonly value: unknown; readonly timeMs?: number }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** Texts of CSV files become what the field holds; typed values pass and are checked by the schema. */
function coerce(kind: FieldKind, value: unknown): Coerced {
  switch (kind) {
    case "text":
      return {
        ok: true,
        value: typeof value === "number" ? String(value) : value,
      };
    case "number":
      return typeof value === "string" ? toNumber(value) : { ok: true, value };
    case "boolean":
      return typeof value === "string" ? toBoolean(value) : { ok: true, value };
    case "time":
      return toTime(value);
    case "list":
      return {
        ok: true,
        value: typeof value === "string" ? split(value) : value,
      };
    case "numbers":
      return {
        ok: true,
        value: typeof value === "string" ? split(value).map(Number) : value,
      };
    case "map":
      return typeof value === "string" ? toMap(value) : { ok: true, value };
  }
}

function toNumber(text: string): Coerced {
  const value = Number(text);
  return Number.isFinite(value) && text.trim() !== ""
    ? { ok: true, value }
    : { ok: false, code: "type", message: "is not a number" };
}

const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  t: true,
  yes: true,
  "1": true,
  false: false,
  f: false,
  no: false,
  "0": false,
};

function toBoolean(text: string): Coerced {
  const name = text.trim().toLowerCase();
  return Object.hasOwn(BOOLEANS, name)
    ? { ok: true, value: BOOLEANS[name] }
    : { ok: false, code: "type", message: "is not true or false" };
}

function toTime(value: unknown): Coerced {
  const timeMs = parseTime(value);
  return timeMs === undefined
    ? {
        ok: false,
        code: "format",
        message: "is not a time: RFC 3339, or Unix seconds or milliseconds",
      }
    : { ok: true, value: undefined, timeMs };
}

/** Lists in one CSV field are separated by `|`. */
function split(text: string): string[] {
  return text
    .split("|")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function toMap(text: string): Coerced {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return { ok: false, code: "type", message: "is not a JSON object" };
  }
}
