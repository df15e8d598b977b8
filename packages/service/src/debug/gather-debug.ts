import {
  HOUR_MS,
  versionName,
  type ConfigDocument,
  type FallbackLists,
  type RuleSet,
  type WhyNot,
} from "@recsys/contracts";
import {
  listJobFreshness,
  listPointers,
  versionContent,
  versionHistory,
  type JobFreshness,
  type Store,
  type StoredDecision,
  type TenantTx,
  type VersionEntry,
} from "@recsys/store";
import type { Replayer } from "../replay/replayer.ts";
import { DEFAULTS, versionNumber } from "../serving/snapshot-documents.ts";
import { findCauses, type Cause } from "./find-causes.ts";

const POINTERS = ["config", "rules", "fallbacks", "manifest"] as const;
type Pointer = (typeof POINTERS)[number];
const HISTORY = 20;
const DAY_HOURS = 24;
const WEEK_HOURS = 168;

/** Everything about one decision that a person who looks for the fault wants beside it. */
export interface DebugFacts {
  readonly decision: StoredDecision;
  readonly config: ConfigDocument;
  readonly rules: RuleSet;
  /** Null where it can no longer be ranked again; `impossible` says why. */
  readonly replay: {
    readonly identical: boolean;
    readonly difference: string;
  } | null;
  readonly impossible: string | null;
  readonly whyNot: readonly WhyNot[];
  readonly versions: readonly {
    readonly what: Pointer;
    readonly recorded: string | null;
    readonly live: string | null;
  }[];
  /** Of the week before the decision and since, newest first. */
  readonly changes: readonly (VersionEntry & { readonly what: Pointer })[];
  /** Unix milliseconds; null: nothing was learned. */
  readonly learnedAsOf: number | null;
  readonly jobs: readonly JobFreshness[];
  readonly causes: readonly Cause[];
}

/** Reads and replays what a debug page shows; `itemIds` are asked why they are not in the list. */
export async function gatherDebug(
  { store, replayer }: { readonly store: Store; readonly replayer: Replayer },
  decision: StoredDecision,
  itemIds: readonly string[],
): Promise<DebugFacts> {
  const { record } = decision;
  const replayed = await tryReplay(replayer, decision, itemIds);
  return store.inTenant(record.tenant, async (tx) => {
    const documents = await readDocuments(tx, decision);
    const changes = await readChanges(tx, decision);
    const learnedAsOf = documents.learnedAsOf;
    const before = (at: number) => (record.now - at) / HOUR_MS;
    const causes = findCauses({
      record,
      ...documents,
      whyNot: itemIds.length === 0 ? [] : replayed.whyNot,
      difference: replayed.replay?.difference ?? "",
      changes: changes
        .map(({ what, author, createdAt }) => ({
          what,
          author,
          hoursBefore: before(createdAt),
        }))
        .filter(({ hoursBefore: h }) => h >= 0 && h <= DAY_HOURS),
      learnedHours: learnedAsOf === null ? null : before(learnedAsOf),
    });
    return {
      decision,
      ...documents,
      ...replayed,
      versions: await compareVersions(tx, decision),
      changes,
      jobs: await listJobFreshness(tx, record.namespace),
      causes,
    };
  });
}

async function tryReplay(
  replayer: Replayer,
  { record }: StoredDecision,
  itemIds: readonly string[],
): Promise<Pick<DebugFacts, "replay" | "impossible" | "whyNot">> {
  try {
    const { identical, difference, result } = await replayer.explain(
      record,
      itemIds.length === 0 ? undefined : itemIds,
    );
    const replay = { identical, difference };
    return { replay, impossible: null, whyNot: result.whyNot };
  } catch (error) {
    const isGone =
      error instanceof Error &&
      "code" in error &&
      error.code === "REPLAY_IMPOSSIBLE";
    if (!isGone) throw error;
    return { replay: null, impossible: error.message, whyNot: [] };
  }
}

async function readDocuments(
  tx: TenantTx,
  { record }: StoredDecision,
): Promise<
  Pick<DebugFacts, "config" | "rules" | "learnedAsOf"> & {
    readonly fallbackOwner: string | null;
  }
> {
  const { namespace, versions, request } = record;
  const read = async <T>(
    pointer: Pointer,
    name: string | null,
    otherwise: T,
  ) => {
    if (name === null || name === "0-default") return otherwise;
    const number = versionNumber(name);
    const found = await versionContent(tx, { namespace, pointer }, number);
    return found === null ? otherwise : (found.content as T);
  };
  const { lists } = await read<FallbackLists>(
    "fallbacks",
    versions.fallbacks_version,
    { lists: {} },
  );
  const manifest = await read<{ readonly as_of?: number }>(
    "manifest",
    versions.manifest_version,
    {},
  );
  const list = lists[request.surface] ?? lists["default"];
  return {
    config: await read(
      "config",
      versions.config_version,
      DEFAULTS.config.content,
    ),
    rules: await read("rules", versions.rules_version, DEFAULTS.rules.content),
    // A run without history learns as of the beginning of time.
    learnedAsOf: (manifest.as_of ?? 0) > 0 ? (manifest.as_of ?? null) : null,
    fallbackOwner: list?.owner ?? null,
  };
}

async function readChanges(
  tx: TenantTx,
  { record }: StoredDecision,
): Promise<DebugFacts["changes"]> {
  const { namespace, now } = record;
  const all: (VersionEntry & { readonly what: Pointer })[] = [];
  for (const what of POINTERS) {
    const place = { namespace, pointer: what };
    for (const entry of await versionHistory(tx, place, HISTORY)) {
      const isRecent = entry.createdAt > now - WEEK_HOURS * HOUR_MS;
      if (isRecent) all.push({ ...entry, what });
    }
  }
  return all.sort((a, b) => b.createdAt - a.createdAt);
}

async function compareVersions(
  tx: TenantTx,
  { record }: StoredDecision,
): Promise<DebugFacts["versions"]> {
  const { namespace } = record;
  const live = (await listPointers(tx)).filter(
    (each) => each.namespace === namespace,
  );
  const { versions } = record;
  const recorded: Readonly<Record<Pointer, string | null>> = {
    config: versions.config_version,
    rules: versions.rules_version,
    fallbacks: versions.fallbacks_version,
    manifest: versions.manifest_version,
  };
  return POINTERS.map((what) => {
    const found = live.find(({ pointer }) => pointer === what);
    return {
      what,
      recorded: recorded[what],
      live: found === undefined ? null : versionName(found),
    };
  });
}
