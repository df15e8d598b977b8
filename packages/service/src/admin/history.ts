import {
  ApiError,
  canonicalJson,
  versionName,
  type PointerName,
  type RuleSet,
} from "@recsys/contracts";
import {
  pointer as livePointer,
  versionBefore,
  versionContent,
  versionHistory,
  type TenantTx,
  type VersionEntry,
} from "@recsys/store";
import type { ServiceContext } from "../context.ts";
import {
  EMPTY,
  proposeEdit,
  readDocument,
  type Edit,
  type Editable,
} from "./documents.ts";
import { withLabels } from "./keep-labels.ts";

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

/** The number of what is live before the first version. */
const START = 0;

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

/** What becomes live again, for whom, and why. */
export interface Restoring extends Pick<
  Edit,
  "caller" | "namespace" | "pointer"
> {
  readonly reason: string | undefined;
  /** Called with the content before the pointer moves; throws to refuse. */
  readonly verify?: (content: unknown) => Promise<void>;
}

/**
 * Makes the content of an earlier version live again, as a new version: of the
 * one given, or of the one before what is live, so that going back twice goes
 * back two. Before the first version of a document that people write lies
 * what was live until then. Throws NOT_FOUND when there is nothing before.
 */
export function goBack(
  context: ServiceContext,
  edit: Restoring & { readonly version: number | undefined },
): Promise<{ readonly changeId: string; readonly version: string }> {
  return restore(context, edit, async (tx) => {
    const version = edit.version ?? (await versionBefore(tx, edit));
    if (version !== null) return { version, restores: version };
    if (hasStart(edit.pointer)) return { version: START, restores: START };
    throw none(`There is no earlier version of ${edit.pointer}.`);
  });
}

/** Makes a version live as a step of its own: going back from there leads to what is live now. */
export function goTo(
  context: ServiceContext,
  edit: Restoring & { readonly version: number },
): Promise<{ readonly changeId: string; readonly version: string }> {
  const { version } = edit;
  return restore(context, edit, () => Promise.resolve({ version }));
}

async function restore(
  context: ServiceContext,
  edit: Restoring,
  choose: (
    tx: TenantTx,
  ) => Promise<{ readonly version: number; readonly restores?: number }>,
): Promise<{ readonly changeId: string; readonly version: string }> {
  const { caller, namespace, pointer, reason } = edit;
  const { tenant } = caller;
  const found = await context.store.inTenant(tenant, async (tx) => {
    const live = await livePointer(tx, namespace, pointer);
    if (live === null) throw none(`There is no version of ${pointer} yet.`);
    const chosen = await choose(tx);
    const { version } = chosen;
    const target =
      version === START
        ? await startOf(tx, edit)
        : await versionContent(tx, { namespace, pointer }, version);
    if (target === null) {
      throw none(
        version === START
          ? `There is no earlier version of ${pointer}.`
          : `There is no version ${version} of ${pointer}.`,
        "Its history lists the versions that there are.",
      );
    }
    const content =
      pointer === "rules"
        ? await withLiveLabels(tx, edit, target.content)
        : target.content;
    return { ...chosen, baseVersion: live.version, content };
  });
  await edit.verify?.(found.content);
  const { version, ...rest } = found;
  const made = await context.store.inTenant(tenant, (tx) =>
    proposeEdit(tx, {
      ...{ caller, namespace, pointer },
      ...rest,
      reason: reason ?? `back to version ${version}`,
    }),
  );
  await context.snapshots.refresh(tenant);
  return { changeId: made.changeId, version: versionName(made.pointer) };
}

/** What was live before anybody wrote; null when it is live again. */
async function startOf(
  tx: TenantTx,
  { namespace, pointer }: Restoring,
): Promise<{ readonly content: unknown } | null> {
  if (!hasStart(pointer)) return null;
  const content = EMPTY[pointer];
  const live = await readDocument(tx, namespace, pointer);
  return canonicalJson(live.content) === canonicalJson(content)
    ? null
    : { content };
}

/** Without fallback lists nobody is better off, so there is no way back to none. */
function hasStart(
  pointer: PointerName,
): pointer is Exclude<Editable, "fallbacks"> {
  return pointer === "config" || pointer === "rules";
}

/** No way back takes the labels that moderators decided since. */
async function withLiveLabels(
  tx: TenantTx,
  { namespace }: Restoring,
  content: unknown,
): Promise<unknown> {
  const live = await readDocument<RuleSet>(tx, namespace, "rules");
  return withLabels(content as RuleSet, live.content);
}

function none(detail: string, fix: string | null = null): ApiError {
  return new ApiError("NOT_FOUND", { detail, fix });
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
