import { DAY_MS } from "@recsys/contracts";
import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";

/** Earliest `ts` of an event; callers reject earlier ones, and those beyond now + tolerance. */
export const EARLIEST_EVENT_MS = Date.UTC(1990, 0, 1);

/** Makes the partitions that rows of these times (Unix milliseconds) fall into, before the rows. */
export async function ensurePartitions(
  tx: TenantTx,
  parent: "events" | "exposures" | "outcomes" | "decisions",
  times: readonly number[],
): Promise<void> {
  if (times.length === 0) return;
  const days = new Set(times.map((ms) => Math.floor(ms / DAY_MS) * DAY_MS));
  await sql`
    select recsys.ensure_partition(${parent}, recsys.from_unix_ms(n.day))
      from unnest(${[...days].sort((a, b) => a - b)}::float8[]) as n (day)`.execute(
    tx.db,
  );
}
