import type { CatalogueSchema, SchemaField } from "../config-document.ts";

/** `time` is Unix milliseconds; `list` is a list of texts. */
export type ValueType = "boolean" | "number" | "string" | "list" | "time";

/** Fields of every item that an expression may ask about. */
export const ITEM_FIELDS: Readonly<Record<string, ValueType>> = {
  item_id: "string",
  available: "boolean",
  valid_from: "time",
  valid_until: "time",
  price: "number",
  currency: "string",
  stock: "number",
  tags: "list",
  category: "list",
  brand: "string",
  provider_id: "string",
  margin: "number",
  sponsored: "boolean",
  title: "string",
  locale: "string",
  created_at: "time",
};

const OF_SCHEMA: Readonly<Record<SchemaField["type"], ValueType>> = {
  string: "string",
  number: "number",
  boolean: "boolean",
  string_list: "list",
};

/** The typed keys of one namespace. */
export type Names = Pick<CatalogueSchema, "attributes" | "traits" | "context">;

/** Type of a name; undefined where nothing has it. */
export function typeOfName(name: string, names: Names): ValueType | undefined {
  if (name === "now") return "time";
  const [group = "", key = "", more] = splitName(name);
  if (group === "user") return ofSchema(names.traits, key, more);
  if (group === "context") return ofSchema(names.context, key, more);
  if (group === "history") return typeOfHistory(key);
  if (group !== "item") return undefined;
  if (key === "attributes" && more !== undefined) {
    return ofSchema(names.attributes, more);
  }
  return more === undefined && Object.hasOwn(ITEM_FIELDS, key)
    ? ITEM_FIELDS[key]
    : undefined;
}

/** `history.count` and `history.last`, each also of one event type. */
function typeOfHistory(key: string): ValueType | undefined {
  if (key === "count") return "number";
  return key === "last" ? "time" : undefined;
}

/** Group, key and what follows, which may have dots of its own. */
export function splitName(name: string): readonly (string | undefined)[] {
  const [group, key, ...more] = name.split(".");
  return [group, key, more.length === 0 ? undefined : more.join(".")];
}

function ofSchema(
  fields: Readonly<Record<string, SchemaField>>,
  key: string,
  more?: string,
): ValueType | undefined {
  const field =
    more === undefined && Object.hasOwn(fields, key) ? fields[key] : undefined;
  return field && OF_SCHEMA[field.type];
}

/** Every name that an expression of this namespace may use, for messages and completion. */
export function namesOf(names: Names): string[] {
  return [
    ...Object.keys(ITEM_FIELDS).map((key) => `item.${key}`),
    ...Object.keys(names.attributes).map((key) => `item.attributes.${key}`),
    ...Object.keys(names.traits).map((key) => `user.${key}`),
    ...Object.keys(names.context).map((key) => `context.${key}`),
    "history.count",
    "history.last",
    "now",
  ];
}
