import { sql, type RawBuilder } from "kysely";
import type { TenantTx } from "../database/store.ts";
import { decodeCursor, type PageRequest } from "./cursor.ts";
import { allOf } from "./filters.ts";

/** Which exposures or outcomes: all conditions that are given must hold. Times of receipt in Unix milliseconds, `to` exclusive. */
export interface FeedbackFilter {
  readonly requestId?: string;
  readonly itemId?: string;
  readonly userKey?: string;
  readonly from?: number;
  readonly to?: number;
}

export interface FeedbackList extends PageRequest {
  readonly filter: FeedbackFilter;
}

/** Conditions on a table with alias `f`; rows go on after the cursor by (received_at, seq). */
export function feedbackConditions(
  tx: TenantTx,
  namespace: string,
  { filter, cursor }: FeedbackList,
): RawBuilder<unknown> {
  const conditions: RawBuilder<unknown>[] = [
    sql`f.tenant_id = ${tx.tenant} and f.namespace = ${namespace}`,
  ];
  const { requestId, itemId, userKey, from, to } = filter;
  if (requestId !== undefined) {
    conditions.push(sql`f.request_id = ${requestId}`);
  }
  if (itemId !== undefined) conditions.push(sql`f.item_id = ${itemId}`);
  if (userKey !== undefined) conditions.push(sql`f.user_key = ${userKey}`);
  if (from !== undefined) {
    conditions.push(sql`f.received_at >= recsys.from_unix_ms(${from}::float8)`);
  }
  if (to !== undefined) {
    conditions.push(sql`f.received_at < recsys.from_unix_ms(${to}::float8)`);
  }
  if (cursor !== undefined) {
    const [ms, seq] = decodeCursor(cursor, ["time", "count"]);
    conditions.push(
      sql`(f.received_at, f.seq) > (recsys.from_unix_ms(${ms}::float8), ${seq}::bigint)`,
    );
  }
  return allOf(conditions);
}
