import { ApiError, type Json } from "@recsys/contracts";
import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";

/** One keyed request: the same route and key within 24 hours get the same answer. */
export interface KeyedRequest {
  readonly route: string;
  readonly key: string;
  /** Hash of the body, so that a key used for another request is noticed. */
  readonly bodyHash: string;
}

export interface Answer {
  readonly status: number;
  readonly body: Json;
}

/**
 * The answer given before, or null: then do the work and `rememberAnswer` in
 * this transaction; a repetition waits until it ends. Throws
 * IDEMPOTENCY_CONFLICT when the key was used with another body.
 */
export async function findAnswer(
  tx: TenantTx,
  request: KeyedRequest,
): Promise<Answer | null> {
  const name = JSON.stringify([tx.tenant, request.route, request.key]);
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(
    tx.db,
  );
  const found = await sql<Answer & { bodyHash: string }>`
    select a.status, a.body, a.body_hash as "bodyHash"
      from public.idempotency_answers a
     where a.tenant_id = ${tx.tenant} and a.route = ${request.route}
       and a.key = ${request.key}
       and a.created_at > recsys.now() - interval '24 hours'`.execute(tx.db);
  const [row] = found.rows;
  if (row === undefined) return null;
  if (row.bodyHash !== request.bodyHash) {
    throw new ApiError("IDEMPOTENCY_CONFLICT");
  }
  return { status: row.status, body: row.body };
}

/** Keeps the answer for 24 hours; in the transaction that asked `findAnswer`. */
export async function rememberAnswer(
  tx: TenantTx,
  request: KeyedRequest,
  answer: Answer,
): Promise<void> {
  await sql`
    delete from public.idempotency_answers
     where tenant_id = ${tx.tenant} and route = ${request.route}
       and key = ${request.key}`.execute(tx.db);
  await sql`
    insert into public.idempotency_answers
           (tenant_id, route, key, body_hash, status, body)
    values (${tx.tenant}, ${request.route}, ${request.key},
            ${request.bodyHash}, ${answer.status},
            ${JSON.stringify(answer.body)}::json)`.execute(tx.db);
}
