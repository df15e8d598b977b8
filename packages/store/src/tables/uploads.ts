import { ApiError, type FieldError, type Json } from "@recsys/contracts";
import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";
import { decodeCursor, toPage, type Page, type PageRequest } from "./cursor.ts";

export type UploadState =
  "received" | "validating" | "loading" | "done" | "failed" | "stuck";

/** Where an upload may go from each state; `stuck` goes on where it was, or fails. */
export const UPLOAD_MOVES: Readonly<
  Record<UploadState, readonly UploadState[]>
> = {
  received: ["validating", "failed", "stuck"],
  validating: ["loading", "done", "failed", "stuck"],
  loading: ["done", "failed", "stuck"],
  stuck: ["received", "validating", "loading", "failed"],
  done: [],
  failed: [],
};

export interface NewUpload {
  readonly kind: "items" | "users" | "events" | "exposures" | "outcomes";
  readonly format: string;
  readonly bytes: number;
  readonly createdBy: string;
  readonly probe?: boolean;
  /** Column mapping, adapter, options of the reader. */
  readonly settings?: Json;
}

/** Counters of an upload; each replaces the stored value. */
export interface UploadProgress {
  readonly bytesRead: number;
  readonly rowsRead: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly rejected: number;
}

export interface Upload extends UploadProgress {
  readonly uploadId: string;
  readonly namespace: string;
  readonly kind: NewUpload["kind"];
  readonly format: string;
  readonly state: UploadState;
  /** The state that a stuck upload was in. */
  readonly resumeState: UploadState | null;
  readonly probe: boolean;
  readonly settings: Json;
  readonly bytesTotal: number;
  readonly evidence: Json;
  readonly error: string | null;
  readonly createdBy: string;
  /** Unix milliseconds, as all times here. */
  readonly createdAt: number;
  readonly heartbeatAt: number;
  readonly finishedAt: number | null;
}

const COLUMNS = sql`
  u.upload_id as "uploadId", u.namespace, u.kind, u.format, u.state,
  u.resume_state as "resumeState", u.probe, u.settings,
  u.bytes_total as "bytesTotal", u.bytes_read as "bytesRead",
  u.rows_read as "rowsRead", u.accepted, u.duplicate, u.rejected, u.evidence,
  u.error, u.created_by as "createdBy",
  recsys.unix_ms(u.created_at) as "createdAt",
  recsys.unix_ms(u.heartbeat_at) as "heartbeatAt",
  recsys.unix_ms(u.finished_at) as "finishedAt"`;

/** Records an upload in state `received`. */
export async function createUpload(
  tx: TenantTx,
  namespace: string,
  upload: NewUpload,
): Promise<Upload> {
  const made = await sql<Upload>`
    insert into public.uploads as u
           (tenant_id, namespace, kind, format, bytes_total, created_by, probe,
            settings)
    values (${tx.tenant}, ${namespace}, ${upload.kind}, ${upload.format},
            ${upload.bytes}, ${upload.createdBy}, ${upload.probe ?? false},
            ${JSON.stringify(upload.settings ?? {})}::jsonb)
    returning ${COLUMNS}`.execute(tx.db);
  return only(made.rows);
}

/** One upload, or null. */
export async function findUpload(
  tx: TenantTx,
  uploadId: string,
): Promise<Upload | null> {
  const found = await sql<Upload>`
    select ${COLUMNS}
      from public.uploads u
     where u.tenant_id = ${tx.tenant} and u.upload_id = ${uploadId}`.execute(
    tx.db,
  );
  return found.rows[0] ?? null;
}

/**
 * Moves an upload to another state. Throws VERSION_CONFLICT when UPLOAD_MOVES
 * does not lead there from where it is, and NOT_FOUND.
 */
export async function moveUpload(
  tx: TenantTx,
  uploadId: string,
  move: {
    readonly to: UploadState;
    readonly error?: string;
    readonly evidence?: Json;
  },
): Promise<Upload> {
  const sources = Object.entries(UPLOAD_MOVES).flatMap(([from, targets]) =>
    targets.includes(move.to) ? [from] : [],
  );
  const moved = await sql<Upload>`
    update public.uploads u
       set state = ${move.to},
           resume_state = case when ${move.to} = 'stuck' then u.state end,
           error = ${move.error ?? null},
           evidence = coalesce(${move.evidence === undefined ? null : JSON.stringify(move.evidence)}::jsonb, u.evidence),
           heartbeat_at = recsys.now(),
           finished_at = case when ${move.to} in ('done', 'failed')
                              then recsys.now() end
     where u.tenant_id = ${tx.tenant} and u.upload_id = ${uploadId}
       and u.state = any(${sources}::text[])
    returning ${COLUMNS}`.execute(tx.db);
  const [row] = moved.rows;
  if (row !== undefined) return row;
  const upload = await findUpload(tx, uploadId);
  if (upload === null) throw new ApiError("NOT_FOUND");
  throw new ApiError("VERSION_CONFLICT", {
    detail: `The upload is ${upload.state}; it cannot become ${move.to}.`,
  });
}

/** Stores counters and shows that the upload is alive. False when it is no longer at work. */
export async function heartbeatUpload(
  tx: TenantTx,
  uploadId: string,
  progress: UploadProgress,
): Promise<boolean> {
  const updated = await sql`
    update public.uploads
       set bytes_read = ${progress.bytesRead}, rows_read = ${progress.rowsRead},
           accepted = ${progress.accepted}, duplicate = ${progress.duplicate},
           rejected = ${progress.rejected}, heartbeat_at = recsys.now()
     where tenant_id = ${tx.tenant} and upload_id = ${uploadId}
       and state in ('validating', 'loading')`.execute(tx.db);
  return updated.numAffectedRows === 1n;
}

/** Takes the oldest upload that waits, now `validating`; null when none does. Two workers never take the same. */
export async function claimUpload(
  tx: TenantTx,
  namespace: string,
): Promise<Upload | null> {
  const claimed = await sql<Upload>`
    update public.uploads u
       set state = 'validating', heartbeat_at = recsys.now()
     where (u.tenant_id, u.upload_id) = (
             select w.tenant_id, w.upload_id
               from public.uploads w
              where w.tenant_id = ${tx.tenant} and w.namespace = ${namespace}
                and w.state = 'received'
              order by w.created_at, w.upload_id
              limit 1
                for update skip locked)
    returning ${COLUMNS}`.execute(tx.db);
  return claimed.rows[0] ?? null;
}

/** Marks uploads without progress for this long as stuck and returns them. */
export async function stuckUploads(
  tx: TenantTx,
  namespace: string,
  afterMinutes: number,
): Promise<readonly Upload[]> {
  const stuck = await sql<Upload>`
    update public.uploads u
       set state = 'stuck', resume_state = u.state
     where u.tenant_id = ${tx.tenant} and u.namespace = ${namespace}
       and u.state in ('received', 'validating', 'loading')
       and u.heartbeat_at < recsys.now() - make_interval(mins => ${afterMinutes})
    returning ${COLUMNS}`.execute(tx.db);
  return stuck.rows;
}

/** Uploads of all namespaces that are not at their end. */
export async function unfinishedUploads(
  tx: TenantTx,
): Promise<readonly Upload[]> {
  const found = await sql<Upload>`
    select ${COLUMNS}
      from public.uploads u
     where u.tenant_id = ${tx.tenant} and u.state not in ('done', 'failed')
     order by u.created_at`.execute(tx.db);
  return found.rows;
}

/** Begins an upload anew for another process; throws as `moveUpload`. */
export async function adoptUpload(
  tx: TenantTx,
  uploadId: string,
  settings: Json,
): Promise<void> {
  const upload = await findUpload(tx, uploadId);
  if (upload?.state !== "stuck")
    await moveUpload(tx, uploadId, { to: "stuck" });
  await moveUpload(tx, uploadId, { to: "received" });
  await sql`
    update public.uploads set settings = ${JSON.stringify(settings)}::jsonb
     where tenant_id = ${tx.tenant} and upload_id = ${uploadId}`.execute(tx.db);
}

/** A page of uploads, newest first. */
export async function listUploads(
  tx: TenantTx,
  namespace: string,
  list: PageRequest & { readonly state?: UploadState },
): Promise<Page<Upload>> {
  const [ms, id] =
    list.cursor === undefined
      ? []
      : decodeCursor(list.cursor, ["time", "uuid"]);
  const found = await sql<Upload>`
    select ${COLUMNS}
      from public.uploads u
     where u.tenant_id = ${tx.tenant} and u.namespace = ${namespace}
       and (${list.state ?? null}::text is null or u.state = ${list.state ?? null})
       and (${ms ?? null}::float8 is null
            or (recsys.unix_ms(u.created_at), u.upload_id)
               < (${ms ?? null}::float8, ${id ?? null}::uuid))
     order by recsys.unix_ms(u.created_at) desc, u.upload_id desc
     limit ${list.limit + 1}`.execute(tx.db);
  return toPage(found.rows, list.limit, (row) => [row.createdAt, row.uploadId]);
}

/** Keeps why rows were rejected: position, path and reason, never the row itself. */
export async function appendUploadErrors(
  tx: TenantTx,
  uploadId: string,
  errors: readonly (FieldError & { readonly row: number })[],
): Promise<void> {
  await sql`
    insert into public.upload_errors
           (tenant_id, upload_id, row_number, path, code, message)
    select ${tx.tenant}, ${uploadId}, n.row_number, n.path, n.code, n.message
      from unnest(
             ${errors.map((one) => one.row)}::bigint[],
             ${errors.map((one) => one.path)}::text[],
             ${errors.map((one) => one.code)}::text[],
             ${errors.map((one) => one.message)}::text[]
           ) as n (row_number, path, code, message)
        on conflict do nothing`.execute(tx.db);
}

/** Rejected rows of an upload after a row number, in order. */
export async function listUploadErrors(
  tx: TenantTx,
  uploadId: string,
  after: { readonly row: number; readonly limit: number },
): Promise<readonly (FieldError & { readonly row: number })[]> {
  const found = await sql<FieldError & { row: number }>`
    select e.row_number as row, e.path, e.code, e.message
      from public.upload_errors e
     where e.tenant_id = ${tx.tenant} and e.upload_id = ${uploadId}
       and e.row_number > ${after.row}
     order by e.row_number, e.path, e.code
     limit ${after.limit}`.execute(tx.db);
  return found.rows;
}

function only(rows: readonly Upload[]): Upload {
  const [row] = rows;
  if (row === undefined) throw new Error("the insert returned no row");
  return row;
}
