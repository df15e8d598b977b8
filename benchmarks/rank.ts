/**
 * Time of one `rank()` on a synthetic catalogue: `node benchmarks/rank.ts
 * [items=100000] [requests=4000]`. Builds its snapshot itself, from a fixed
 * seed; prints microseconds per request.
 */
import { cpus } from "node:os";
import {
  DAY_MS,
  DEFAULT_CONFIG,
  seededRandom,
  type FactorsView,
  type Item,
  type KnobValues,
  type NeighboursView,
  type RankedListsView,
  type RankRequest,
  type SignalViews,
  type UserState,
} from "@recsys/contracts";
import { createCatalogue, createSnapshot, rank } from "@recsys/ranking";

const [items = 100_000, requests = 4000] = process.argv.slice(2).map(Number);
const NEIGHBOURS = 50;
const HISTORY = 20;
const DIMENSION = 64;
const NOW = Date.UTC(2026, 0, 1);

const random = seededRandom(20260101);
const below = (n: number): number => Math.floor(random() * n);
/** Head-heavy, like what people choose. */
const popularItem = (): number => Math.floor(items * random() ** 3);

const ids = Array.from({ length: items }, (_, i) => `item-${i}`);

function makeItems(): Item[] {
  return ids.map((item_id, i) => ({
    item_id,
    available: random() > 0.02,
    price: Math.round(random() * 10_000) / 100,
    stock: below(50),
    tags: Array.from(
      new Set([below(200), below(200), below(200)]),
      (t) => `tag-${t}`,
    ),
    category: [`department-${i % 20}`, `shelf-${i % 400}`],
    brand: `brand-${below(1000)}`,
    title: `Item number ${i}`,
    created_at: NOW - below(1000) * DAY_MS,
    attributes: {},
  }));
}

/** Neighbours mostly within the item's own cluster, so that lists overlap as real ones do. */
function makeNeighbours(): NeighboursView {
  const offsets = new Int32Array(items + 1);
  const neighbours = new Int32Array(items * NEIGHBOURS);
  const scores = new Float32Array(items * NEIGHBOURS);
  for (let i = 0; i < items; i++) {
    offsets[i + 1] = (i + 1) * NEIGHBOURS;
    for (let n = 0; n < NEIGHBOURS; n++) {
      neighbours[i * NEIGHBOURS + n] =
        random() < 0.5 ? popularItem() : (i + 1 + below(500)) % items;
      scores[i * NEIGHBOURS + n] = 1 / (1 + n / 5);
    }
  }
  return { kind: "neighbours", ids, offsets, neighbours, scores };
}

function makeList(): RankedListsView {
  const length = Math.min(5000, items);
  const order = Int32Array.from({ length }, (_, i) => i);
  const scores = Float32Array.from(order, (i) => 1 / Math.log2(i + 2));
  return {
    kind: "ranked-lists",
    ids,
    groups: new Map([["", { items: order, scores }]]),
  };
}

/** Fold-in is a weighted mean here: what learning does instead is measured there. */
function makeFactors(): FactorsView {
  const factors = Float32Array.from(
    { length: items * DIMENSION },
    () => random() - 0.5,
  );
  return {
    kind: "factors",
    ids,
    dimension: DIMENSION,
    factors,
    foldIn(history, weights) {
      const user = new Float32Array(DIMENSION);
      history.forEach((item, h) => {
        for (let d = 0; d < DIMENSION; d++) {
          user[d] =
            (user[d] ?? 0) +
            (weights[h] ?? 0) * (factors[item * DIMENSION + d] ?? 0);
        }
      });
      return user;
    },
  };
}

function makeSnapshot(signals: Partial<SignalViews>, knobs: KnobValues) {
  return createSnapshot({
    tenant: "bench",
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
    config: { ...DEFAULT_CONFIG, knobs },
    tenantKnobs: {},
    rules: { rules: [] },
    fallbacks: { lists: {} },
    catalogue,
    signals,
    missing: {},
  });
}

function makeUser(): UserState {
  const events = Array.from({ length: HISTORY }, (_, i) => ({
    item_id: ids[popularItem()] ?? "",
    type: random() < 0.5 ? "view" : "purchase",
    ts: NOW - (i + 1) * DAY_MS,
  }));
  return { events, traits: {}, consent: "unknown", bucket_key: "bench" };
}

const REQUEST: RankRequest = {
  route: "recommend",
  surface: "home",
  k: 20,
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
};

function measure(name: string, snapshot: ReturnType<typeof makeSnapshot>) {
  const users = Array.from({ length: 1000 }, makeUser);
  const times: number[] = [];
  let candidates = 0;
  let cpuBefore = process.threadCpuUsage();
  for (let i = 0; i < requests * 2; i++) {
    const userState = users[i % users.length];
    if (userState === undefined) throw new Error("there is a user");
    const start = process.hrtime.bigint();
    const result = rank({
      request: REQUEST,
      snapshot,
      userState,
      now: NOW,
      seed: i,
    });
    const micros = Number(process.hrtime.bigint() - start) / 1000;
    if (result.slate.length !== REQUEST.k) throw new Error("a full list");
    if (i === requests) cpuBefore = process.threadCpuUsage();
    if (i < requests) continue;
    times.push(micros);
    candidates += result.counts["candidates"] ?? 0;
  }
  const cpu = process.threadCpuUsage(cpuBefore);
  const cpuMicros = (cpu.user + cpu.system) / times.length;
  times.sort((a, b) => a - b);
  const at = (share: number): string =>
    (times[Math.floor(times.length * share)] ?? NaN).toFixed(1).padStart(8);
  console.log(
    `${name.padEnd(34)} cpu ${cpuMicros.toFixed(1).padStart(8)}  p5 ${at(0.05)}  p50 ${at(0.5)}  p95 ${at(0.95)}  p99 ${at(0.99)}  pool ${Math.round(candidates / requests)}`,
  );
}

const catalogue = createCatalogue(makeItems(), 1);
const light = {
  popularity: makeList(),
  trending: makeList(),
  "co-visits": makeNeighbours(),
  "bought-together": makeNeighbours(),
  content: makeNeighbours(),
  "item-knn": makeNeighbours(),
};
const all = { ...light, ials: makeFactors() };

console.log(
  `µs per rank(): ${items} items, lists of ${NEIGHBOURS}, history ${HISTORY}, k ${REQUEST.k}`,
);
console.log(`${cpus()[0]?.model ?? "unknown"}, Node ${process.version}\n`);
measure("defaults, without factors", makeSnapshot(light, {}));
measure(`defaults, ${DIMENSION} factors`, makeSnapshot(all, {}));
measure(
  "defaults and diversity (MMR 0.7)",
  makeSnapshot(light, { "diversity.mmr_lambda": 0.7 }),
);
