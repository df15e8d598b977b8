import {
  scoreParts,
  type Degradation,
  type Item,
  type RankedItem,
  type RankRequest,
  type RecommendResponse,
  type ScorePart,
  type SlateItem,
  type Warning,
} from "@recsys/contracts";
import type { RankResult, Snapshot } from "@recsys/ranking";
import type { ListCall } from "./list-call.ts";

interface ResponseFacts {
  readonly call: ListCall;
  readonly snapshot: Snapshot;
  readonly request: RankRequest;
  readonly result: RankResult;
  readonly warnings: readonly Warning[];
  readonly degraded: readonly Degradation[];
  readonly timings: Readonly<Record<string, number>>;
  readonly isLogged: boolean;
  readonly nextPageToken: string | null;
}

/** The answer to a request for a list, with as much explanation as was asked for. */
export function toResponse(facts: ResponseFacts): RecommendResponse {
  const { call, result, snapshot } = facts;
  const { options = {} } = call.asked.body;
  const response: RecommendResponse = {
    items: result.slate.map((item) => toItem(item, facts)),
    meta: metaOf(facts, snapshot),
    warnings: [...facts.warnings],
  };
  if (options.why_not !== undefined) response.why_not = [...result.whyNot];
  if (options.include_trace === true) {
    response.trace = result.stages.map((stage) => ({
      ...stage,
      removed: { ...stage.removed },
    }));
  }
  if (options.include_trace === true) response.rules = [...result.rules];
  if (options.include_trace === true) response.knobs = [...result.knobs];
  if (facts.nextPageToken !== null) {
    response.next_page_token = facts.nextPageToken;
  }
  return response;
}

function metaOf(
  facts: ResponseFacts,
  { versions, namespace }: Snapshot,
): RecommendResponse["meta"] {
  const { call, result, request } = facts;
  return {
    request_id: call.requestId,
    tenant: call.caller.tenant,
    namespace,
    surface: request.surface,
    segment: result.segment,
    algo_version: versions.algo_version,
    config_version: versions.config_version,
    rules_version: versions.rules_version,
    manifest_version: versions.manifest_version,
    models: versions.models,
    policies: result.policies,
    ...(result.floors.length === 0 ? {} : { floors: [...result.floors] }),
    experiments: [],
    ...(result.bandits.length === 0
      ? {}
      : {
          bandits: result.bandits.map(({ id, arm, propensity, method }) => ({
            id,
            arm,
            propensity,
            method,
          })),
        }),
    timings_ms: rounded(facts.timings),
    counts: result.counts,
    diversity: result.diversity,
    degraded: [...facts.degraded],
    logged: facts.isLogged,
  };
}

function toItem(
  item: SlateItem,
  { call, snapshot, result }: ResponseFacts,
): RankedItem {
  const { options = {} } = call.asked.body;
  const shown: RankedItem = {
    item_id: item.item_id,
    rank: item.rank,
    score: item.score,
  };
  if (item.sponsored === true) shown.sponsored = true;
  if (options.include_reasons !== false) shown.reasons = [...item.reasons];
  if (options.explain === "full") shown.explain = scoreParts(item, result);
  if (options.explain === "summary") {
    shown.explain = strongest(scoreParts(item, result));
  }
  if (options.include_items === true) {
    const { catalogue } = snapshot;
    const found = catalogue.items[catalogue.positionOf(item.item_id)] ?? null;
    if (found !== null) shown.item = toShopper(found);
  }
  return shown;
}

/** Lists go on to shoppers, whom the margin is no business of. */
function toShopper(item: Item): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(item).filter(([field]) => field !== "margin"),
  );
}

const SUMMARY_PARTS = 3;

function strongest(parts: readonly ScorePart[]): ScorePart[] {
  return parts
    .filter(({ contribution }) => contribution !== 0)
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
    .slice(0, SUMMARY_PARTS);
}

/** Microseconds are as fine as anybody reads. */
function rounded(
  timings: Readonly<Record<string, number>>,
): Record<string, number> {
  const result: Record<string, number> = {};
  for (const [name, ms] of Object.entries(timings)) {
    result[name] = Math.round(ms * 1000) / 1000;
  }
  return result;
}
