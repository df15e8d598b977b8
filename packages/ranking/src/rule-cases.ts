import type { RankRequest, RuleCase, UserState } from "@recsys/contracts";
import { rank } from "./rank.ts";
import type { Snapshot } from "./snapshot.ts";

/** How a test case of a rule set came out. */
export interface CaseOutcome {
  readonly name: string;
  readonly passed: boolean;
  /** What is not as expected, in words; empty when passed. */
  readonly problems: readonly string[];
  readonly item_ids: readonly string[];
}

/** Ranks the request of every case and compares; `now` in Unix milliseconds where a case names no time. */
export function runRuleCases(snapshot: Snapshot, now: number): CaseOutcome[] {
  return (snapshot.rules.cases ?? []).map((each) =>
    runCase(each, snapshot, now),
  );
}

function runCase(
  { name, request, expect }: RuleCase,
  snapshot: Snapshot,
  now: number,
): CaseOutcome {
  const at = request.now === undefined ? now : Date.parse(request.now);
  const { slate } = rank({
    request: requestOf(request),
    snapshot,
    userState: userOf(request, at),
    now: at,
    seed: 0,
  });
  const ids = slate.map((item) => item.item_id);
  const problems = [
    ...(expect.present ?? []).flatMap((id) =>
      ids.includes(id) ? [] : [`${id} is not in the list`],
    ),
    ...(expect.absent ?? []).flatMap((id) =>
      ids.includes(id)
        ? [`${id} is in the list, at ${ids.indexOf(id) + 1}`]
        : [],
    ),
    ...Object.entries(expect.positions ?? {}).flatMap(([id, wanted]) => {
      const found = ids.indexOf(id) + 1;
      if (found === wanted) return [];
      return [
        `${id} is ${found === 0 ? "not in the list" : `at ${found}`} instead of at ${wanted}`,
      ];
    }),
  ];
  return { name, passed: problems.length === 0, problems, item_ids: ids };
}

function requestOf(request: RuleCase["request"]): RankRequest {
  return {
    route: "recommend",
    surface: request.surface,
    k: request.k ?? 20,
    segment: request.segment ?? null,
    anchors: [],
    include: null,
    exclude: [],
    shown: [],
    constraints: {},
    context: request.context ?? {},
    experimentKnobs: {},
    requestKnobs: {},
    whyNot: [],
  };
}

function userOf(request: RuleCase["request"], now: number): UserState {
  return {
    events: (request.recent_item_ids ?? [])
      .map((item_id) => ({ item_id, type: "view", ts: now }))
      .reverse(),
    traits: request.traits ?? {},
    consent: "unknown",
    bucket_key: "",
  };
}
