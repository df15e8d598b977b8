import { createHash } from "node:crypto";
import {
  ApiError,
  canonicalJson,
  DEFAULT_CONFIG,
  versionName,
  type PointerName,
  type PointerState,
} from "@recsys/contracts";
import {
  lockPointer,
  pointer as livePointer,
  proposeChange,
  versionContent,
  type TenantTx,
} from "@recsys/store";
import type { Caller } from "../auth/authenticate.ts";
import type { ServiceContext } from "../context.ts";
import { NO_FALLBACKS, NO_RULES } from "../serving/snapshot-documents.ts";

/** Documents that people write; each is a pointer with versions. */
export type Editable = "config" | "rules" | "fallbacks";

/** What is live until somebody changes it. */
export const EMPTY = {
  config: DEFAULT_CONFIG,
  rules: NO_RULES,
  fallbacks: NO_FALLBACKS,
} as const;

/** The live document; `state` null: the default that nobody has changed. */
export interface LiveDocument<T> {
  readonly state: PointerState | null;
  readonly content: T;
}

export async function readDocument<T>(
  tx: TenantTx,
  namespace: string,
  pointer: Editable,
): Promise<LiveDocument<T>> {
  const state = await livePointer(tx, namespace, pointer);
  if (state === null) return { state, content: EMPTY[pointer] as T };
  const address = { namespace, pointer };
  const version = await versionContent(tx, address, state.version);
  if (version === null) throw new Error(`${pointer} ${state.version} is gone`);
  return { state, content: version.content as T };
}

/** Entity tag of a piece of a document: equal content, equal tag. */
export function etagOf(content: unknown): string {
  const hash = createHash("sha256").update(canonicalJson(content));
  return `"${hash.digest("hex").slice(0, 32)}"`;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Throws PRECONDITION_REQUIRED without If-Match and VERSION_CONFLICT when it names other content. */
export function requireMatch(headers: Headers, etag: string): void {
  const wanted = headers["if-match"];
  if (typeof wanted !== "string") {
    throw new ApiError("PRECONDITION_REQUIRED", {
      detail: `Send If-Match: ${etag} if that is the content you have seen.`,
    });
  }
  const tags = wanted.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  if (tags.includes("*") || tags.includes(etag)) return;
  throw new ApiError("VERSION_CONFLICT", {
    detail: `The live content has the ETag ${etag}.`,
  });
}

/** Who changes what, and why. */
export interface Edit {
  readonly caller: Caller;
  readonly namespace: string;
  readonly pointer: PointerName;
  readonly content: unknown;
  readonly baseVersion: number | null;
  readonly reason: string;
  readonly restores?: number;
}

/** Moves the pointer to new content, through the one door. */
export async function proposeEdit(
  tx: TenantTx,
  edit: Edit,
): Promise<{ readonly changeId: string; readonly pointer: PointerState }> {
  const { caller, ...change } = edit;
  return proposeChange(tx, {
    ...change,
    tenant: caller.tenant,
    author: caller.principal.id,
    authorKind: caller.principal.kind,
  });
}

/**
 * Reads the live document, makes the new one and moves the pointer to it, while
 * others who want to move it wait. The change serves in this process when it
 * returns.
 */
export async function editDocument<T>(
  context: ServiceContext,
  edit: Pick<Edit, "caller" | "namespace" | "reason"> & {
    readonly pointer: Editable;
  },
  change: (live: T, tx: TenantTx) => T | Promise<T>,
): Promise<{ readonly changeId: string; readonly version: string }> {
  const { tenant } = edit.caller;
  const made = await context.store.inTenant(tenant, async (tx) => {
    await lockPointer(tx, edit);
    const live = await readDocument<T>(tx, edit.namespace, edit.pointer);
    const content = await change(live.content, tx);
    const baseVersion = live.state?.version ?? null;
    return proposeEdit(tx, { ...edit, content, baseVersion });
  });
  await context.snapshots.refresh(tenant);
  return { changeId: made.changeId, version: versionName(made.pointer) };
}
