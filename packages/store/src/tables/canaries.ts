import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";
import { distinctSorted } from "./columns.ts";

export interface CanaryCount {
  readonly client: string;
  /** Day of receipt in UTC, such as 2026-01-31. */
  readonly day: string;
  readonly events: number;
  /** Unix milliseconds. */
  readonly lastAt: number;
}

/** Counts canary events by client and day of receipt: the only trace they leave. */
export async function countCanaries(
  tx: TenantTx,
  namespace: string,
  rows: readonly { readonly client?: string | null }[],
): Promise<void> {
  if (rows.length === 0) return;
  const counts = new Map<string, number>();
  for (const { client } of rows) {
    const name = client ?? "";
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const clients = distinctSorted(counts.keys());
  await sql`
    insert into public.canary_counts as c
           (tenant_id, namespace, client, day, events, last_at)
    select ${tx.tenant}, ${namespace}, n.client,
           (recsys.now() at time zone 'UTC')::date, n.events, recsys.now()
      from unnest(${clients}::text[],
                  ${clients.map((client) => counts.get(client) ?? 0)}::bigint[])
           as n (client, events)
     order by n.client collate "C"
        on conflict (tenant_id, namespace, day, client) do update
           set events = c.events + excluded.events,
               last_at = excluded.last_at`.execute(tx.db);
}

/** Canary counts since a time in Unix milliseconds, newest day first. */
export async function listCanaryCounts(
  tx: TenantTx,
  namespace: string,
  since: number,
): Promise<readonly CanaryCount[]> {
  const found = await sql<CanaryCount>`
    select c.client, c.day, c.events, recsys.unix_ms(c.last_at) as "lastAt"
      from public.canary_counts c
     where c.tenant_id = ${tx.tenant} and c.namespace = ${namespace}
       and c.last_at >= recsys.from_unix_ms(${since}::float8)
     order by c.day desc, c.client`.execute(tx.db);
  return found.rows;
}
