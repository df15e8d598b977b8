import type { DecisionRecord } from "@recsys/contracts";

/** A small complete record; give the members that a test is about. */
export function decisionRecord(
  members: Partial<DecisionRecord>,
): DecisionRecord {
  return {
    schema: 1,
    request_id: "01900000-0000-7000-8000-000000000001",
    tenant: "demo",
    namespace: "default",
    now: 1_700_000_000_000,
    seed: 1,
    subject: null,
    request: {
      route: "recommend",
      surface: "home",
      k: 1,
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
    user_state: { events: [], traits: {}, consent: "unknown", bucket_key: "b" },
    versions: {
      algo_version: "1",
      node_major: 24,
      config_version: "0-default",
      tenant_config_version: "0-default",
      rules_version: "0-default",
      fallbacks_version: "0-default",
      experiments_version: "0-default",
      manifest_version: null,
      models: {},
      snapshot_revision: "i:1",
      catalogue_revision: 0,
    },
    sources: [],
    stages: [],
    features: [],
    slate: [],
    degraded: [],
    warnings: [],
    experiments: [],
    timings_ms: {},
    ...members,
  };
}
