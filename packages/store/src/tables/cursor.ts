import { ApiError, LAST_MOMENT_MS } from "@recsys/contracts";
import { unstorableText } from "./storable-text.ts";

/** One page of a list; `next` is the cursor of the following page, null at the end. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
}

/** Where a list goes on; `limit` counts rows. */
export interface PageRequest {
  readonly cursor?: string;
  readonly limit: number;
}

/** An opaque cursor from the sort key of the last row. */
function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString("base64url");
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What a place in a sort key may hold: nothing that Postgres would refuse. */
const KINDS = {
  text: (value: unknown) =>
    typeof value === "string" && unstorableText(value) === null,
  uuid: (value: unknown) => typeof value === "string" && UUID.test(value),
  time: (value: unknown) => isCount(value) && value <= LAST_MOMENT_MS,
  count: isCount,
} as const;

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** The sort key in a cursor. Throws INVALID_REQUEST when the cursor is not one of ours. */
export function decodeCursor(
  cursor: string,
  shape: readonly (keyof typeof KINDS)[],
): (string | number)[] {
  const key = parse(cursor);
  const fits =
    Array.isArray(key) &&
    key.length === shape.length &&
    shape.every((kind, i) => KINDS[kind](key[i]));
  if (!fits) {
    throw new ApiError("INVALID_REQUEST", {
      errors: [
        {
          path: "/query/cursor",
          code: "cursor",
          message: "is not a cursor of this list",
        },
      ],
    });
  }
  return key as (string | number)[];
}

/** Cuts the one row too many that tells whether a next page exists. */
export function toPage<Row>(
  rows: readonly Row[],
  limit: number,
  key: (row: Row) => readonly (string | number)[],
): Page<Row> {
  const last = rows[limit - 1];
  if (rows.length <= limit || last === undefined) return { rows, next: null };
  return { rows: rows.slice(0, limit), next: encodeCursor(key(last)) };
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    return null;
  }
}
