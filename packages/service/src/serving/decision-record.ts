import type {
  DecisionRecord,
  Degradation,
  RankRequest,
  Warning,
} from "@recsys/contracts";
import type { RankResult, Snapshot } from "@recsys/ranking";
import type { ListCall } from "./list-call.ts";
import type { Subject } from "./read-state.ts";

/** What a list was made from. */
export interface RankedFrom {
  readonly snapshot: Snapshot;
  readonly subject: Subject;
  readonly now: number;
}

/** What came of it. */
export interface Ranked {
  readonly request: RankRequest;
  readonly seed: number;
  readonly result: RankResult;
  readonly degraded: readonly Degradation[];
  readonly warnings: readonly Warning[];
  readonly timings: Readonly<Record<string, number>>;
  readonly isSampled: boolean;
}

/** The record of one answered request: all that a replay needs. */
export function toRecord(
  call: ListCall,
  { snapshot, subject, now }: RankedFrom,
  ranked: Ranked,
): DecisionRecord {
  const { result } = ranked;
  return {
    schema: 1,
    request_id: call.requestId,
    tenant: call.caller.tenant,
    namespace: snapshot.namespace,
    now,
    seed: ranked.seed,
    subject: subject.pseudonym,
    request: ranked.request,
    user_state: subject.state,
    segment: result.segment,
    versions: snapshot.versions,
    sources: result.sources,
    ...policiesOf(result),
    ...(result.floors.length === 0 ? {} : { floors: result.floors }),
    ...(result.terms.length === 0 ? {} : { terms: result.terms }),
    stages: result.stages,
    features: result.features,
    slate: result.slate,
    ...(result.rules.length === 0 ? {} : { rules: result.rules }),
    ...(result.bandits.length === 0 ? {} : { bandits: result.bandits }),
    degraded: ranked.degraded,
    warnings: ranked.warnings,
    experiments: [],
    timings_ms: ranked.timings,
    ...(ranked.isSampled
      ? { sample: { removed: result.removed, candidates: result.candidates } }
      : {}),
  };
}

function policiesOf({
  policies,
}: RankResult): Pick<DecisionRecord, "policies"> {
  const hasAny = policies.utility !== null || policies.slate !== null;
  return hasAny ? { policies } : {};
}
