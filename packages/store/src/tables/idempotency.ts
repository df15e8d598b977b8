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

/** What a process may do about a keyed request. */
export type Claim =
  /** Do the work, then `rememberAnswer`, or `dropClaim` when it failed. */
  | { readonly kind: "mine" }
  | { readonly kind: "answered"; readonly answer: Answer }
  /** Another process is at it. */
  | { readonly kind: "under-way" };

/** A process that has not renewed its claim for so long has died: somebody else may begin anew. */
export const CLAIM_SECONDS = 60;

interface Written {
  readonly status: number | null;
  readonly body: Json;
  readonly holder: string;
}

interface Row {
  readonly status: number | null;
  readonly body: Json;
  readonly bodyHash: string;
  readonly isHeld: boolean;
}

/**
 * Claims a keyed request for a process, unless it was answered within 24 hours
 * or another process works on it. The holder's own claim is given again: one
 * process does not work on a key twice at a time. Throws IDEMPOTENCY_CONFLICT
 * when the key was used with another body.
 */
export async function claimAnswer(
  tx: TenantTx,
  request: KeyedRequest,
  holder: string,
): Promise<Claim> {
  await takeTurn(tx, request);
  const found = await sql<Row>`
    select a.status, a.body, a.body_hash as "bodyHash",
           a.holder <> ${holder} and a.created_at > recsys.now()
             - make_interval(secs => ${CLAIM_SECONDS}) as "isHeld"
      from public.idempotency_answers a
     where a.tenant_id = ${tx.tenant} and a.route = ${request.route}
       and a.key = ${request.key}
       and a.created_at > recsys.now() - interval '24 hours'`.execute(tx.db);
  const [row] = found.rows;
  const isOver = row === undefined || (row.status === null && !row.isHeld);
  if (isOver) {
    await write(tx, request, { status: null, body: null, holder });
    return { kind: "mine" };
  }
  if (row.bodyHash !== request.bodyHash) {
    throw new ApiError("IDEMPOTENCY_CONFLICT");
  }
  const { status, body } = row;
  return status === null
    ? { kind: "under-way" }
    : { kind: "answered", answer: { status, body } };
}

/** Makes the claim of a holder that is still at work as young as a new one; false when it is the holder's no longer. */
export async function renewClaim(
  tx: TenantTx,
  request: KeyedRequest,
  holder: string,
): Promise<boolean> {
  return settle(tx, request, { status: null, body: null, holder });
}

/** Keeps the answer for 24 hours; false, and nothing is kept, when the claim is the holder's no longer. */
export async function rememberAnswer(
  tx: TenantTx,
  request: KeyedRequest,
  answer: Answer & { readonly holder: string },
): Promise<boolean> {
  return settle(tx, request, answer);
}

/** Gives a claim back: the work failed, and a repetition may try again at once. False when it was another's. */
export async function dropClaim(
  tx: TenantTx,
  request: KeyedRequest,
  holder: string,
): Promise<boolean> {
  const dropped = await sql`
    delete from public.idempotency_answers
     where tenant_id = ${tx.tenant} and route = ${request.route}
       and key = ${request.key} and status is null
       and holder = ${holder}`.execute(tx.db);
  return dropped.numAffectedRows === 1n;
}

/** Forgets the answer that named this upload, so that its key can bring the file again. */
export async function dropUploadAnswer(
  tx: TenantTx,
  uploadId: string,
): Promise<void> {
  await sql`
    delete from public.idempotency_answers
     where tenant_id = ${tx.tenant} and route = 'createUpload'
       and body -> 'upload' ->> 'upload_id' = ${uploadId}`.execute(tx.db);
}

/** What the holder's claim becomes. */
async function settle(
  tx: TenantTx,
  request: KeyedRequest,
  answer: Written,
): Promise<boolean> {
  await takeTurn(tx, request);
  const isOurs = await dropClaim(tx, request, answer.holder);
  if (isOurs) await write(tx, request, answer);
  return isOurs;
}

/** Held until the transaction ends; claims are short. */
async function takeTurn(tx: TenantTx, request: KeyedRequest): Promise<void> {
  const name = JSON.stringify([tx.tenant, request.route, request.key]);
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(
    tx.db,
  );
}

async function write(
  tx: TenantTx,
  request: KeyedRequest,
  answer: Written,
): Promise<void> {
  await sql`
    delete from public.idempotency_answers
     where tenant_id = ${tx.tenant} and route = ${request.route}
       and key = ${request.key}`.execute(tx.db);
  await sql`
    insert into public.idempotency_answers
           (tenant_id, route, key, body_hash, status, body, holder)
    values (${tx.tenant}, ${request.route}, ${request.key},
            ${request.bodyHash}, ${answer.status},
            ${JSON.stringify(answer.body)}::json, ${answer.holder})`.execute(
    tx.db,
  );
}
