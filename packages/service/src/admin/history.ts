import { ApiError, versionName, type PointerName } from "@recsys/contracts";
import {
  pointer as livePointer,
  versionContent,
  versionHistory,
  type TenantTx,
  type VersionEntry,
} from "@recsys/store";
import type { ServiceContext } from "../context.ts";
import { proposeEdit, type Edit } from "./documents.ts";

/** One version as the API shows it. */
export interface HistoryEntry {
  readonly version: number;
  readonly name: string;
  readonly hash: string;
  readonly change_id: string;
  readonly author: string;
  readonly reason: string;
  readonly created_at: string;
  readonly live: boolean;
}

const HISTORY_LIMIT = 100;

/** The newest versions of a pointer, newest first. */
export async function readHistory(
  tx: TenantTx,
  namespace: string,
  pointer: PointerName,
): Promise<HistoryEntry[]> {
  const live = await livePointer(tx, namespace, pointer);
  const entries = await versionHistory(
    tx,
    { namespace, pointer },
    HISTORY_LIMIT,
  );
  return entries.map((entry) => toEntry(entry, live?.version ?? null));
}

/**
 * Makes the content of an earlier version live again, as a new version; the
 * one before the live one unless said. Throws NOT_FOUND when there is none.
 */
export async function goBack(
  context: ServiceContext,
  edit: Pick<Edit, "caller" | "namespace" | "pointer"> & {
    readonly reason: string | undefined;
    readonly version: number | undefined;
    /** Called with the content before the pointer moves; throws to refuse. */
    readonly verify?: (content: unknown) => Promise<void>;
  },
): Promise<{ readonly changeId: string; readonly version: string }> {
  const { caller, namespace, pointer, verify } = edit;
  const { tenant } = caller;
  const found = await context.store.inTenant(tenant, (tx) =>
    earlierVersion(tx, { namespace, pointer }, edit.version),
  );
  await verify?.(found.target.content);
  const made = await context.store.inTenant(tenant, (tx) =>
    proposeEdit(tx, {
      caller,
      namespace,
      pointer,
      content: found.target.content,
      baseVersion: found.live,
      reason: edit.reason ?? `back to version ${found.target.version}`,
    }),
  );
  await context.snapshots.refresh(tenant);
  return { changeId: made.changeId, version: versionName(made.pointer) };
}

async function earlierVersion(
  tx: TenantTx,
  address: { readonly namespace: string; readonly pointer: PointerName },
  wanted: number | undefined,
) {
  const live = await livePointer(tx, address.namespace, address.pointer);
  if (live === null) {
    throw new ApiError("NOT_FOUND", {
      detail: `There is no version of ${address.pointer} yet.`,
    });
  }
  const version = wanted ?? (await versionBefore(tx, address, live));
  const target = await versionContent(tx, address, version);
  if (target === null) {
    throw new ApiError("NOT_FOUND", {
      detail: `There is no version ${version} of ${address.pointer}.`,
    });
  }
  return { live: live.version, target };
}

/** The newest version with other content than the live one: going back twice in a row changes something twice. */
async function versionBefore(
  tx: TenantTx,
  address: { readonly namespace: string; readonly pointer: PointerName },
  live: { readonly version: number; readonly hash: string },
): Promise<number> {
  const entries = await versionHistory(tx, address, HISTORY_LIMIT);
  const original = entries.findLast(
    (entry) => entry.hash === live.hash && entry.version <= live.version,
  );
  const before = entries.find(
    (entry) => entry.version < (original?.version ?? live.version),
  );
  if (before !== undefined) return before.version;
  throw new ApiError("NOT_FOUND", {
    detail: `There is no earlier version of ${address.pointer}.`,
  });
}

function toEntry(entry: VersionEntry, live: number | null): HistoryEntry {
  return {
    version: entry.version,
    name: versionName(entry),
    hash: entry.hash,
    change_id: entry.changeId,
    author: entry.author,
    reason: entry.reason,
    created_at: new Date(entry.createdAt).toISOString(),
    live: entry.version === live,
  };
}
