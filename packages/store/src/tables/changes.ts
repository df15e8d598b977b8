import { createHash } from "node:crypto";
import {
  ApiError,
  type ChangeProposal,
  type PointerName,
  type PointerState,
  canonicalJson,
} from "@recsys/contracts";
import { type Selectable, sql } from "kysely";
import { sqlState } from "../database/sql-state.ts";
import type { TenantTx } from "../database/store.ts";
import type { Schema } from "../schema.ts";

/** One version in the history of a pointer. */
export interface VersionEntry {
  readonly version: number;
  readonly hash: string;
  readonly changeId: string;
  readonly author: string;
  readonly reason: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
}

/** A pointer of one namespace. */
export interface PointerAddress {
  readonly namespace: string;
  readonly pointer: PointerName;
}

/**
 * Stores a Change and applies it at once, as the policy `auto` allows; pointer,
 * version, audit entry and revision are written together or not at all. Throws
 * ApiError VERSION_CONFLICT when `baseVersion` is not live, FORBIDDEN when the
 * policy in force asks for approvals.
 */
export async function proposeChange(
  tx: TenantTx,
  proposal: ChangeProposal,
): Promise<{ readonly changeId: string; readonly pointer: PointerState }> {
  if (proposal.tenant !== tx.tenant) {
    throw new ApiError("TENANT_MISMATCH");
  }
  const hash = await storeDocument(tx, proposal.content);
  const facts = JSON.stringify({
    namespace: proposal.namespace,
    pointer: proposal.pointer,
    base_version: proposal.baseVersion,
    content_hash: hash,
    author: proposal.author,
    author_kind: proposal.authorKind,
    reason: proposal.reason,
    restores: proposal.restores ?? null,
  });
  try {
    const { rows } = await sql<{ id: string }>`
      select recsys.propose_change(${facts}::jsonb) as id`.execute(tx.db);
    const changeId = rows[0]?.id ?? "";
    await sql`select recsys.apply_change(${changeId}::uuid)`.execute(tx.db);
    return { changeId, pointer: await livePointer(tx, proposal) };
  } catch (error) {
    throw toApiError(error);
  }
}

/** Keeps a pointer as it is until the transaction ends: who wants to move it waits, in `apply_change`, too. */
export async function lockPointer(
  tx: TenantTx,
  { namespace, pointer: name }: PointerAddress,
): Promise<void> {
  const lock = [tx.tenant, namespace, name].join("/");
  await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(
    tx.db,
  );
}

/** The live version of a pointer, or null when nothing was ever live. */
export async function pointer(
  tx: TenantTx,
  namespace: string,
  name: PointerName,
): Promise<PointerState | null> {
  const row = await tx.db
    .selectFrom("pointers")
    .selectAll()
    .where("tenant_id", "=", tx.tenant)
    .where("namespace", "=", namespace)
    .where("pointer", "=", name)
    .executeTakeFirst();
  return row === undefined ? null : toPointer(row);
}

/** All live pointers of the tenant. */
export async function listPointers(
  tx: TenantTx,
): Promise<readonly (PointerState & { readonly namespace: string })[]> {
  const rows = await tx.db
    .selectFrom("pointers")
    .selectAll()
    .where("tenant_id", "=", tx.tenant)
    .orderBy("namespace")
    .orderBy("pointer")
    .execute();
  return rows.map((row) => ({ ...toPointer(row), namespace: row.namespace }));
}

/** One version with its content, or null when it does not exist. */
export async function versionContent(
  tx: TenantTx,
  { namespace, pointer: name }: PointerAddress,
  version: number,
): Promise<(VersionEntry & { readonly content: unknown }) | null> {
  const row = await tx.db
    .selectFrom("versions")
    .innerJoin("documents", (join) =>
      join
        .onRef("documents.tenant_id", "=", "versions.tenant_id")
        .onRef("documents.hash", "=", "versions.content_hash"),
    )
    .selectAll("versions")
    .select("documents.body")
    .where("versions.tenant_id", "=", tx.tenant)
    .where("versions.namespace", "=", namespace)
    .where("versions.pointer", "=", name)
    .where("versions.version", "=", version)
    .executeTakeFirst();
  if (row === undefined) return null;
  return { ...toVersion(row), content: JSON.parse(row.body) as unknown };
}

/** The newest versions of a pointer, newest first. */
export async function versionHistory(
  tx: TenantTx,
  { namespace, pointer: name }: PointerAddress,
  limit: number,
): Promise<readonly VersionEntry[]> {
  const rows = await tx.db
    .selectFrom("versions")
    .selectAll()
    .where("tenant_id", "=", tx.tenant)
    .where("namespace", "=", namespace)
    .where("pointer", "=", name)
    .orderBy("version", "desc")
    .limit(limit)
    .execute();
  return rows.map(toVersion);
}

/**
 * The version that was live before the content that is live now came, or null.
 * Where that is a restored one, it counts as the version that it restored: going
 * back twice goes back two, and not to and fro.
 */
export async function versionBefore(
  tx: TenantTx,
  { namespace, pointer: name }: PointerAddress,
): Promise<number | null> {
  const { rows } = await sql<{ version: number }>`
    with recursive walk as (
      select p.version, p.content_hash as live
        from public.pointers p
       where p.tenant_id = ${tx.tenant} and p.namespace = ${namespace}
         and p.pointer = ${name}
      union all
      select coalesce(c.restores, v.version - 1), w.live
        from walk w
        join public.versions v
          on v.tenant_id = ${tx.tenant} and v.namespace = ${namespace}
         and v.pointer = ${name} and v.version = w.version
         and v.content_hash = w.live
        join public.changes c
          on c.tenant_id = v.tenant_id and c.change_id = v.change_id)
    select w.version
      from walk w
      join public.versions v
        on v.tenant_id = ${tx.tenant} and v.namespace = ${namespace}
       and v.pointer = ${name} and v.version = w.version
       and v.content_hash <> w.live`.execute(tx.db);
  return rows[0]?.version ?? null;
}

async function storeDocument(tx: TenantTx, content: unknown): Promise<string> {
  const body = canonicalJson(content);
  const hash = createHash("sha256").update(body).digest("hex");
  await tx.db
    .insertInto("documents")
    .values({ tenant_id: tx.tenant, hash, body })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return hash;
}

async function livePointer(
  tx: TenantTx,
  { namespace, pointer: name }: PointerAddress,
): Promise<PointerState> {
  const state = await pointer(tx, namespace, name);
  if (state === null) throw new Error("apply_change left no pointer");
  return state;
}

function toApiError(error: unknown): unknown {
  const detail = error instanceof Error ? error.message : "";
  switch (sqlState(error)) {
    case "RC409":
      return new ApiError("VERSION_CONFLICT", { detail, cause: error });
    case "RC403":
      return new ApiError("FORBIDDEN", { detail, cause: error });
    case "RC404":
      return new ApiError("NOT_FOUND", { detail, cause: error });
    default:
      return error;
  }
}

function toPointer(row: Selectable<Schema["pointers"]>): PointerState {
  return {
    pointer: row.pointer as PointerName,
    version: row.version,
    hash: row.content_hash,
    changeId: row.change_id,
    movedAt: row.moved_at.getTime(),
  };
}

function toVersion(row: Selectable<Schema["versions"]>): VersionEntry {
  return {
    version: row.version,
    hash: row.content_hash,
    changeId: row.change_id,
    author: row.author,
    reason: row.reason,
    createdAt: row.created_at.getTime(),
  };
}
