import {
  DAY_MS,
  DEFAULT_CONFIG,
  RATE_NAMES,
  HOUR_MS,
  type ConfigDocument,
  type FactorsView,
  type Item,
  type NeighboursView,
  type RankedListsView,
  type RankRequest,
  type RateName,
  type RatesView,
  type Rule,
  type RuleSet,
  type ShownList,
  type UserEvent,
  type UserState,
} from "@recsys/contracts";
import { createCatalogue } from "../src/catalogue.ts";
import { rank, type RankInput, type RankResult } from "../src/rank.ts";
import {
  createSnapshot,
  type Snapshot,
  type SnapshotParts,
} from "../src/snapshot.ts";
import { SOURCES } from "../src/sources/index.ts";

export const NOW = Date.UTC(2026, 5, 1);

export function item(item_id: string, facts: Partial<Item> = {}): Item {
  return {
    item_id,
    available: true,
    tags: [],
    category: [],
    title: item_id.toUpperCase(),
    attributes: {},
    ...facts,
  };
}

export function event(
  item_id: string,
  type = "purchase",
  daysAgo = 0,
): UserEvent {
  return { item_id, type, ts: NOW - daysAgo * DAY_MS };
}

export function shownList(
  item_ids: readonly string[],
  hoursAgo: number,
): ShownList {
  const request_id = `list-${hoursAgo}`;
  return { request_id, ts: NOW - hoursAgo * HOUR_MS, item_ids };
}

export function user(
  events: readonly UserEvent[] = [],
  facts: Partial<UserState> = {},
): UserState {
  return { events, traits: {}, consent: "unknown", bucket_key: "b", ...facts };
}

export function request(facts: Partial<RankRequest> = {}): RankRequest {
  return {
    route: "recommend",
    surface: "home",
    k: 3,
    segment: null,
    anchors: [],
    include: null,
    exclude: [],
    shown: [],
    constraints: {},
    context: {},
    experimentKnobs: {},
    requestKnobs: {},
    whyNot: [],
    ...facts,
  };
}

/** Neighbours by name: `{ tea: { mug: 0.8 } }`. */
export function neighbours(
  rows: Readonly<Record<string, Readonly<Record<string, number>>>>,
  order?: readonly string[],
): NeighboursView {
  const ids =
    order ??
    [
      ...new Set(
        Object.entries(rows).flatMap(([id, row]) => [id, ...Object.keys(row)]),
      ),
    ].sort();
  const offsets = new Int32Array(ids.length + 1);
  const entries = ids.flatMap((id, i) => {
    const row = Object.entries(rows[id] ?? {});
    offsets[i + 1] = (offsets[i] ?? 0) + row.length;
    return row;
  });
  return {
    kind: "neighbours",
    ids,
    offsets,
    neighbours: Int32Array.from(entries, ([id]) => ids.indexOf(id)),
    scores: Float32Array.from(entries, ([, score]) => score),
  };
}

/** Ranked lists by group; the scores are those given, best first. */
export function lists(
  groups: Readonly<Record<string, Readonly<Record<string, number>>>>,
  order?: readonly string[],
): RankedListsView {
  const ids =
    order ?? [...new Set(Object.values(groups).flatMap(Object.keys))].sort();
  return {
    kind: "ranked-lists",
    ids,
    groups: new Map(
      Object.entries(groups).map(([group, scores]) => [
        group,
        {
          items: Int32Array.from(Object.keys(scores), (id) => ids.indexOf(id)),
          scores: Float32Array.from(Object.values(scores)),
        },
      ]),
    ),
  };
}

/** Factors by name; the user is the weighted sum of the items of the history. */
export function factors(
  rows: Readonly<Record<string, readonly number[]>>,
  order?: readonly string[],
): FactorsView {
  const ids = order ?? Object.keys(rows).sort();
  const dimension = Object.values(rows)[0]?.length ?? 0;
  const values = Float32Array.from(ids.flatMap((id) => rows[id] ?? []));
  return {
    kind: "factors",
    ids,
    dimension,
    factors: values,
    foldIn(items, weights) {
      const sum = new Float32Array(dimension);
      items.forEach((at, i) => {
        for (let d = 0; d < dimension; d++) {
          sum[d] =
            (sum[d] ?? 0) +
            (weights[i] ?? 0) * (values[at * dimension + d] ?? 0);
        }
      });
      return sum;
    },
  };
}

/** Rates by name of the item; 0 where none is given, `typical` for an item that is not named. */
export function rates(
  values: Readonly<Record<string, Partial<Record<RateName, number>>>>,
  typical: Partial<Record<RateName, number>> = {},
  order?: readonly string[],
): RatesView {
  const ids = order ?? Object.keys(values).sort();
  const of = (name: RateName) => ({
    values: Float32Array.from(ids, (id) => values[id]?.[name] ?? 0),
    typical: typical[name] ?? 0,
  });
  return {
    kind: "rates",
    ids,
    rates: Object.fromEntries(
      RATE_NAMES.map((name) => [name, of(name)]),
    ) as RatesView["rates"],
  };
}

export function rule(
  facts: Partial<Rule> & Pick<Rule, "action" | "target">,
): Rule {
  return {
    id: facts.action.toLowerCase(),
    priority: 1,
    enabled: true,
    owner: "shop",
    reason: "test",
    ...facts,
  };
}

type ShopParts = Omit<
  Partial<SnapshotParts>,
  "rules" | "config" | "catalogue"
> & {
  readonly items: readonly Item[];
  readonly rules?: readonly Rule[];
  /** What a rule set has beside its rules. */
  readonly ruleSet?: Partial<RuleSet>;
  readonly config?: Partial<ConfigDocument>;
};

export function shop(parts: ShopParts): Snapshot {
  const { items, rules = [], ruleSet, config = {}, ...rest } = parts;
  return createSnapshot({
    tenant: "demo",
    namespace: "default",
    versions: {
      algo_version: "1",
      node_major: 24,
      config_version: "1",
      tenant_config_version: "1",
      rules_version: "1",
      fallbacks_version: "1",
      experiments_version: "1",
      manifest_version: null,
      models: {},
      snapshot_revision: "1",
      catalogue_revision: 1,
    },
    tenantKnobs: {},
    fallbacks: { lists: {} },
    signals: {},
    missing: {},
    ...rest,
    config: { ...DEFAULT_CONFIG, ...config },
    rules: { rules: [...rules], ...ruleSet },
    catalogue: createCatalogue(items, 1),
  });
}

/** Ranks for a user, with the defaults of this file. */
export function rankIn(
  snapshot: Snapshot,
  asked: Partial<RankRequest> = {},
  more: Partial<RankInput> = {},
): RankResult {
  return rank({
    request: request(asked),
    snapshot,
    userState: user(),
    now: NOW,
    seed: 1,
    ...more,
  });
}

export function idsOf(result: RankResult): string[] {
  return result.slate.map(({ item_id }) => item_id);
}

/** Only these sources have weight. */
export function only(
  weights: Readonly<Record<string, number>>,
): Record<string, number> {
  const names = SOURCES.map((source) => source.name);
  const unknown = Object.keys(weights).filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new Error(`no source is named ${unknown.join(", ")}`);
  return Object.fromEntries(
    names.map((name) => [`${name}.weight`, weights[name] ?? 0]),
  );
}
