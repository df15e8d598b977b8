import {
  canonicalJson,
  type AppliedPolicies,
  type DecisionRecord,
  type DecisionVersions,
  type SlateItem,
} from "@recsys/contracts";
import { rank, type RankResult, type Snapshot } from "@recsys/ranking";
import {
  createVersionLoader,
  type ReplayAgainst,
  type VersionLoaderOptions,
} from "./version-loader.ts";

/** What a replay found. */
export interface Replay {
  readonly requestId: string;
  /** The slate is the same to the last bit: items, ranks, scores, reasons, features, propensities. */
  readonly identical: boolean;
  /** False across releases of the algorithm or majors of Node, where identity is not promised. */
  readonly comparable: boolean;
  readonly recorded: readonly SlateItem[];
  readonly replayed: readonly SlateItem[];
  /** Recorded versions beside those that were replayed, where they differ. */
  readonly versions: Readonly<
    Record<string, { readonly recorded: unknown; readonly replayed: unknown }>
  >;
  /** The first place at which the slates differ, in words; empty when identical. */
  readonly difference: string;
  readonly result: RankResult;
}

export interface Replayer {
  /**
   * Ranks again from the record. Throws ApiError REPLAY_IMPOSSIBLE that names
   * what is gone.
   */
  replay(record: DecisionRecord, against?: ReplayAgainst): Promise<Replay>;
  /** The same, with an answer for each of these items in `result.whyNot`; all items of the catalogue without a list. */
  explain(record: DecisionRecord, itemIds?: readonly string[]): Promise<Replay>;
}

/** Replays decisions; versions that were loaded once are kept for the next records. */
export function createReplayer(options: VersionLoaderOptions): Replayer {
  const load = createVersionLoader(options);
  return {
    replay: async (record, against = {}) => {
      const snapshot = await load(record, against);
      return replayWith(snapshot, record, record.request.whyNot);
    },
    explain: async (record, itemIds) => {
      const snapshot = await load(record, {});
      const { ids, items } = snapshot.catalogue;
      const whyNot = itemIds ?? ids.filter((_, at) => items[at]);
      return replayWith(snapshot, record, whyNot);
    },
  };
}

function replayWith(
  snapshot: Snapshot,
  record: DecisionRecord,
  whyNot: readonly string[],
): Replay {
  const result = rank({
    request: { ...record.request, whyNot },
    snapshot,
    userState: record.user_state,
    now: record.now,
    seed: record.seed,
  });
  const identical = canonicalJson(record.slate) === canonicalJson(result.slate);
  const { versions } = snapshot;
  return {
    requestId: record.request_id,
    identical,
    comparable:
      record.versions.algo_version === versions.algo_version &&
      record.versions.node_major === versions.node_major,
    recorded: record.slate,
    replayed: result.slate,
    versions: {
      ...differingVersions(record.versions, versions),
      ...differingPolicies(record.policies, result.policies),
    },
    difference: identical ? "" : firstDifference(record.slate, result.slate),
    result,
  };
}

/** A replay reads no live state, so its own revision says nothing. */
const UNCOMPARED = new Set(["snapshot_revision"]);

function differingVersions(
  recorded: DecisionVersions,
  replayed: DecisionVersions,
): Replay["versions"] {
  const names = Object.keys(recorded) as (keyof DecisionVersions)[];
  return Object.fromEntries(
    names
      .filter(
        (name) =>
          !UNCOMPARED.has(name) &&
          canonicalJson(recorded[name]) !== canonicalJson(replayed[name]),
      )
      .map((name) => [
        name,
        { recorded: recorded[name], replayed: replayed[name] },
      ]),
  );
}

/** A record without policies is of a surface that had none. */
function differingPolicies(
  recorded: AppliedPolicies = { utility: null, slate: null },
  replayed: AppliedPolicies,
): Replay["versions"] {
  return canonicalJson(recorded) === canonicalJson(replayed)
    ? {}
    : { policies: { recorded, replayed } };
}

function firstDifference(
  recorded: readonly SlateItem[],
  replayed: readonly SlateItem[],
): string {
  const length = Math.max(recorded.length, replayed.length);
  for (let i = 0; i < length; i++) {
    const before = recorded[i];
    const after = replayed[i];
    if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) {
      continue;
    }
    if (before === undefined || after === undefined) {
      return `rank ${i + 1}: ${before?.item_id ?? "nothing"} was recorded, now ${after?.item_id ?? "nothing"}`;
    }
    if (before.item_id !== after.item_id) {
      return `rank ${i + 1}: ${before.item_id} was recorded, now ${after.item_id}`;
    }
    const keys = Object.keys(before) as (keyof SlateItem)[];
    const field = keys.find(
      (key) => canonicalJson(before[key]) !== canonicalJson(after[key]),
    );
    return `rank ${i + 1}, ${before.item_id}: ${field ?? "a field"} differs`;
  }
  return "";
}
