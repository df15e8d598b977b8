import {
  decodeArtifact,
  HOUR_MS,
  type ContentHash,
  type FallbackLists,
  type Item,
  type RankRequest,
} from "@recsys/contracts";
import { SIGNALS } from "@recsys/learning";
import {
  ALGO_VERSION,
  createCatalogue,
  createSnapshot,
  rank,
  type Snapshot,
} from "@recsys/ranking";
import { onlySource } from "../offline/offline-arm.ts";
import type { Run } from "../runner/run.ts";

type List = FallbackLists["lists"][string];

export interface MadeLists {
  readonly lists: Readonly<Record<string, List>>;
  /** Surfaces without an acceptable list, with the reason; their present lists stay. */
  readonly refused: readonly string[];
}

/**
 * One list per surface, and for each segment whose rules lead elsewhere: the
 * most popular items that the rules and the catalogue allow now, found by `rank()` so that no other code decides what
 * is eligible, and checked once more on their own.
 */
export async function makeFallbackLists(run: Run): Promise<MadeLists> {
  const snapshot = await popularitySnapshot(run);
  const { length, min_length, ttl_hours, owner } = run.parameters.fallback;
  const { items } = await run.catalogue();
  const byId = new Map(items.map((item) => [item.item_id, item]));
  const expires = new Date(run.asOf + ttl_hours * HOUR_MS).toISOString();
  const lists: Record<string, List> = {};
  const refused: string[] = [];
  for (const surface of Object.keys(run.live.config.surfaces).sort()) {
    const asked = { surface, k: length, now: run.asOf };
    const ids = popularOn(snapshot, { ...asked, segment: null });
    const limits = { byId, now: run.asOf, min: min_length };
    const problem = problemOf(ids, limits);
    if (problem !== null) {
      refused.push(`${surface}: ${problem}`);
      continue;
    }
    const segments: Record<string, string[]> = {};
    for (const { name } of run.live.config.segments) {
      const own = popularOn(snapshot, { ...asked, segment: name });
      const wrong = problemOf(own, limits);
      if (wrong !== null) refused.push(`${surface} for ${name}: ${wrong}`);
      else if (own.join("\n") !== ids.join("\n")) segments[name] = own;
    }
    lists[surface] = {
      item_ids: ids,
      owner,
      expires_at: expires,
      source: "job",
      ...(Object.keys(segments).length === 0 ? {} : { segments }),
    };
  }
  return { lists, refused };
}

/** Why a list may not be published; null when it may. */
function problemOf(
  ids: readonly string[],
  o: {
    readonly byId: ReadonlyMap<string, Item>;
    readonly now: number;
    readonly min: number;
  },
): string | null {
  if (new Set(ids).size !== ids.length) return "an item comes twice";
  if (ids.length < o.min) {
    return `${ids.length} items, at least ${o.min} are needed`;
  }
  for (const id of ids) {
    const item = o.byId.get(id);
    if (item === undefined) return `${id} is not in the catalogue`;
    if (!item.available) return `${id} is not available`;
    if ((item.valid_from ?? -Infinity) > o.now) return `${id} is not valid yet`;
    if ((item.valid_until ?? Infinity) <= o.now) return `${id} has expired`;
  }
  return null;
}

function popularOn(
  snapshot: Snapshot,
  o: {
    readonly surface: string;
    readonly segment: string | null;
    readonly k: number;
    readonly now: number;
  },
): string[] {
  const request: RankRequest = {
    route: "recommend",
    surface: o.surface,
    k: o.k,
    segment: o.segment,
    anchors: [],
    include: null,
    exclude: [],
    shown: [],
    constraints: {},
    context: {},
    experimentKnobs: {},
    requestKnobs: onlySource("popularity"),
    whyNot: [],
  };
  const { slate } = rank({
    request,
    snapshot,
    userState: { events: [], traits: {}, consent: "unknown", bucket_key: "" },
    now: o.now,
    seed: 0,
  });
  return slate.map((item) => item.item_id);
}

/** Without a whole popularity artifact of this run or the live manifest, ranking fills from the catalogue alone. */
async function popularitySnapshot(run: Run): Promise<Snapshot> {
  const { items, revision } = await run.catalogue();
  const hash =
    run.board.artifacts.get("popularity")?.hash ??
    run.live.manifest?.content.artifacts["popularity"]?.hash;
  const isWhole =
    hash !== undefined &&
    (await run.objects.check(hash as ContentHash)) === "whole";
  const bytes = isWhole ? await run.objects.get(hash as ContentHash) : null;
  return createSnapshot({
    tenant: run.tenant,
    namespace: run.namespace,
    versions: {
      algo_version: ALGO_VERSION,
      node_major: Number(process.versions.node.split(".")[0]),
      config_version: "run",
      tenant_config_version: "run",
      rules_version: "run",
      fallbacks_version: "run",
      experiments_version: "run",
      manifest_version: null,
      models: {},
      snapshot_revision: run.runId,
      catalogue_revision: revision,
    },
    config: run.live.config,
    tenantKnobs: run.live.tenantKnobs,
    rules: run.live.rules,
    fallbacks: { lists: {} },
    catalogue: createCatalogue(items, revision),
    signals:
      bytes === null
        ? {}
        : { popularity: SIGNALS.popularity.view(decodeArtifact(bytes)) },
    missing: {},
  });
}
