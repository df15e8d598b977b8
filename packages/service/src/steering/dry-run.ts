import { setImmediate as breathe } from "node:timers/promises";
import type { DecisionRecord, RuleEffect } from "@recsys/contracts";
import {
  compareTraffic,
  type SlatePair,
  type TrafficComparison,
} from "@recsys/evaluation";
import { rank, type RankResult, type Snapshot } from "@recsys/ranking";

/** What a rule would have done to recorded traffic. */
export interface RuleTraffic extends RuleEffect {
  /** Requests in which it did something. */
  readonly requests: number;
}

export interface TrafficDryRun {
  readonly comparison: TrafficComparison;
  /** Lists that would have changed, by surface and segment. */
  readonly changed: readonly {
    readonly surface: string;
    readonly segment: string | null;
    readonly requests: number;
    readonly changed: number;
    /** Distinct people whose lists would have changed. */
    readonly people: number;
  }[];
  readonly rules: readonly RuleTraffic[];
  /**
   * Mean share of the summed scores, as they are without rules, that lists
   * would lose: what the rules cost in relevance.
   */
  readonly relevanceLost: number | null;
}

/** Lists ranked before others have their turn: a list takes about a millisecond. */
const TURN = 10;

/**
 * Ranks recorded requests under the live rules and under others, both as of
 * now, with everything else as it is live. Cost: three lists a record.
 */
export async function dryRunTraffic(
  records: readonly DecisionRecord[],
  under: {
    readonly live: Snapshot;
    readonly draft: Snapshot;
    readonly without: Snapshot;
    readonly now: number;
  },
): Promise<TrafficDryRun> {
  const pairs: SlatePair[] = [];
  const groups = new Map<string, Group>();
  const rules = new Map<string, RuleTraffic>();
  const lost: number[] = [];
  for (const [i, record] of records.entries()) {
    if (i % TURN === TURN - 1) await breathe();
    const [live, draft] = [under.live, under.draft].map((snapshot) =>
      again(record, snapshot, under.now),
    );
    if (live === undefined || draft === undefined) continue;
    const pair = {
      requestId: record.request_id,
      recorded: idsOf(live),
      replayed: idsOf(draft),
    };
    pairs.push(pair);
    countGroup(groups, record, { draft, isChanged: !isSame(pair) });
    for (const effect of draft.rules) countRule(rules, effect);
    if (!isSame(pair)) {
      lost.push(relevanceLost(record, pair, under));
    } else lost.push(0);
  }
  return {
    comparison: compareTraffic(pairs),
    changed: [...groups.values()]
      .map(({ people, ...group }) => ({ ...group, people: people.size }))
      .sort((a, b) => b.changed - a.changed || order(a, b)),
    rules: [...rules.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    relevanceLost:
      lost.length === 0
        ? null
        : lost.reduce((sum, each) => sum + each, 0) / lost.length,
  };
}

/** A recorded request under a snapshot. */
function again(
  record: DecisionRecord,
  snapshot: Snapshot,
  now: number,
): RankResult {
  return rank({
    request: record.request,
    snapshot,
    userState: record.user_state,
    now,
    seed: record.seed,
  });
}

interface Group {
  readonly surface: string;
  readonly segment: string | null;
  requests: number;
  changed: number;
  readonly people: Set<string>;
}

function countGroup(
  groups: Map<string, Group>,
  record: DecisionRecord,
  {
    draft,
    isChanged,
  }: { readonly draft: RankResult; readonly isChanged: boolean },
): void {
  const { surface } = record.request;
  const key = JSON.stringify([surface, draft.segment]);
  const group = groups.get(key) ?? {
    surface,
    segment: draft.segment,
    requests: 0,
    changed: 0,
    people: new Set<string>(),
  };
  groups.set(key, group);
  group.requests++;
  if (!isChanged) return;
  group.changed++;
  if (record.subject !== null) group.people.add(record.subject);
}

function countRule(
  rules: Map<string, RuleTraffic>,
  { id, applied, listed }: RuleEffect,
): void {
  const before = rules.get(id) ?? { id, requests: 0, applied: 0, listed: 0 };
  rules.set(id, {
    id,
    requests: before.requests + 1,
    applied: before.applied + applied,
    listed: before.listed + listed,
  });
}

/** Both lists are valued by the scores that their items have without any rule. */
function relevanceLost(
  record: DecisionRecord,
  { recorded, replayed }: SlatePair,
  under: { readonly without: Snapshot; readonly now: number },
): number {
  const items = [...new Set([...recorded, ...replayed])];
  const request = { ...record.request, include: items, k: items.length };
  const { slate } = again({ ...record, request }, under.without, under.now);
  const scores = new Map(slate.map((item) => [item.item_id, item.score]));
  const sum = (ids: readonly string[]) =>
    ids.reduce((total, id) => total + Math.max(0, scores.get(id) ?? 0), 0);
  const before = sum(recorded);
  return before === 0 ? 0 : (before - sum(replayed)) / before;
}

function idsOf({ slate }: RankResult): readonly string[] {
  return slate.map((item) => item.item_id);
}

function isSame({ recorded, replayed }: SlatePair): boolean {
  return (
    recorded.length === replayed.length &&
    recorded.every((id, i) => id === replayed[i])
  );
}

function order(
  a: { readonly surface: string; readonly segment: string | null },
  b: { readonly surface: string; readonly segment: string | null },
): number {
  const [left, right] = [a, b].map((each) =>
    JSON.stringify([each.surface, each.segment]),
  );
  return (left ?? "") < (right ?? "") ? -1 : 1;
}
