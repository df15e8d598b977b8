import {
  DEFAULT_NAMESPACE,
  EntityId,
  SlugName,
  Timestamp,
} from "@recsys/contracts";
import Type, { type TProperties } from "typebox";

/** Namespace in a query; the default one where it is left out. */
const NamespaceField = Type.Optional(SlugName);

/** A closed object for the query of a route, with the namespace. */
export function queryOf<P extends TProperties>(properties: P) {
  return Type.Object(
    { namespace: NamespaceField, ...properties },
    { additionalProperties: false },
  );
}

/** A closed object for the path or the body of a route. */
export function closed<P extends TProperties>(properties: P) {
  return Type.Object(properties, { additionalProperties: false });
}

/** Where a list goes on and how long a page is. */
export const PAGE_FIELDS = {
  cursor: Type.Optional(
    Type.String({
      maxLength: 2000,
      description: "`next_cursor` of the page before",
    }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
};

/** A span of time; `from` is in it, `to` is not. */
export const SPAN_FIELDS = {
  from: Type.Optional(Timestamp),
  to: Type.Optional(Timestamp),
};

/** People by the identifiers that the caller uses. */
export const PERSON_FIELDS = {
  user_id: Type.Optional(EntityId),
  anonymous_id: Type.Optional(EntityId),
  session_id: Type.Optional(EntityId),
};

/** Answer of a list route. */
export function pageOf<P extends TProperties>(properties: P) {
  return Type.Object({
    items: Type.Array(Type.Object(properties)),
    next_cursor: Type.Union([Type.String(), Type.Null()]),
  });
}

/** Answer of a delete route. */
export const Deleted = Type.Object({ deleted: Type.Integer() });

/** Number of a version: an `integer` of Postgres. */
export const VersionNumber = Type.Integer({ minimum: 1, maximum: 2147483647 });

/** Place in a log that only grows: a number that JSON carries exactly. */
export function placeOf(minimum: number, description?: string) {
  return Type.Integer({
    minimum,
    maximum: Number.MAX_SAFE_INTEGER,
    ...(description === undefined ? {} : { description }),
  });
}

const DEFAULT_LIMIT = 100;

/** The namespace that a query means. */
export function namespaceIn(query: { readonly namespace?: string }): string {
  return query.namespace ?? DEFAULT_NAMESPACE;
}

/** Cursor and limit as the store takes them. */
export function pageIn(query: {
  readonly cursor?: string;
  readonly limit?: number;
}): { readonly cursor?: string; readonly limit: number } {
  const { cursor, limit = DEFAULT_LIMIT } = query;
  return cursor === undefined ? { limit } : { cursor, limit };
}

/** Without the members that are undefined, which the store reads as no condition. */
export function given<T extends object>(
  values: T,
): {
  readonly [K in keyof T]?: Exclude<T[K], undefined>;
} {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as { readonly [K in keyof T]?: Exclude<T[K], undefined> };
}

/** RFC 3339 text of Unix milliseconds; null stays null. */
export function toTime(ms: number): string;
export function toTime(ms: number | null): string | null;
export function toTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
