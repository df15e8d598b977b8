import type { DecisionRecord } from "@recsys/contracts";

/** A UUIDv7 of a time in Unix milliseconds, told from others by its number. */
export function requestIdAt(ms: number, number = 0): string {
  const time = ms.toString(16).padStart(12, "0");
  const tail = number.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${tail}`;
}

/** A decision of tenant `acme` that showed items `a` and `b`. */
export function newDecision(
  fields: Partial<DecisionRecord> & { readonly request_id: string },
): DecisionRecord {
  return {
    schema: 1,
    tenant: "acme",
    namespace: "default",
    now: 0,
    seed: 7,
    subject: null,
    request: {
      route: "recommend",
      surface: "home",
      k: 2,
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
    },
    user_state: { events: [], traits: {}, consent: "unknown", bucket_key: "" },
    versions: {
      algo_version: "1",
      node_major: 24,
      config_version: "1-aa",
      tenant_config_version: "0-00",
      rules_version: "2-bb",
      fallbacks_version: "0-00",
      experiments_version: "0-00",
      manifest_version: null,
      models: {},
      snapshot_revision: "r1",
      catalogue_revision: 12,
    },
    sources: [],
    stages: [],
    features: [],
    slate: [slateItem("a", 1, 0.1 + 0.2), slateItem("b", 2, 1e-7)],
    degraded: [],
    warnings: [],
    experiments: [],
    timings_ms: {},
    ...fields,
  };
}

function slateItem(item_id: string, rank: number, score: number) {
  return {
    item_id,
    rank,
    score,
    reasons: [],
    features: [],
    propensity: 1,
  };
}
