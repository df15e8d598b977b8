import Type from "typebox";

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** The isolation boundary: one customer or business unit. */
export type TenantId = Branded<"TenantId">;
/** Random key of one person in one tenant; the only identity that tables, logs, Parquet and artifacts carry. */
export type UserKey = Branded<"UserKey">;
/** HMAC(tenant secret, identifier): what serving logs before the key is known. */
export type Pseudonym = Branded<"Pseudonym">;
/** SHA-256 of an object's bytes, 64 lower-case hexadecimal digits. */
export type ContentHash = Branded<"ContentHash">;

/** The namespace that is meant when a request names none. */
export const DEFAULT_NAMESPACE = "default";

/** Pseudo-namespace whose config holds the knobs of the tenant layer. */
export const TENANT_LAYER = "_tenant";

/** Identifiers of items, users and events: 1 to 256 characters, none of them a control character. */
export const EntityId = Type.String({
  minLength: 1,
  maxLength: 256,
  pattern: "^[^\\u0000-\\u001f\\u007f]+$",
});

/** Names chosen by people: tenants, namespaces, surfaces, segments. */
export const SlugName = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: "^[a-z0-9][a-z0-9_-]*$",
});

/** RFC 3339 time with a zone. */
export const Timestamp = Type.String({
  pattern:
    "^\\d{4}-\\d{2}-\\d{2}[Tt ]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?([Zz]|[+-]\\d{2}:\\d{2})$",
  description: "RFC 3339 time with a zone, such as 2026-01-31T12:00:00Z",
});
