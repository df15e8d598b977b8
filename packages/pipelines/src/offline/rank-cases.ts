import { setImmediate } from "node:timers/promises";
import {
  hashSeed,
  type Item,
  type KnobValues,
  type RankRequest,
} from "@recsys/contracts";
import {
  createEvaluation,
  type BootstrapOptions,
  type EvaluationResult,
} from "@recsys/evaluation";
import type { Interactions } from "@recsys/learning";
import { rank, type Snapshot } from "@recsys/ranking";
import type { FittedArm } from "./fit-offline.ts";
import type { UserCase } from "./user-cases.ts";

export interface RankOptions {
  readonly cases: readonly UserCase[];
  readonly items: readonly Item[];
  readonly surface: string;
  readonly k: number;
  /** Unix milliseconds: the `now` of every request. */
  readonly now: number;
  readonly wanted: "new-items" | "all-items";
  readonly metrics: readonly string[];
  readonly bootstrap: BootstrapOptions;
  readonly onProgress?: ((done: number) => void) | undefined;
}

export interface RankedCases {
  readonly result: EvaluationResult;
  /** Item ids by user, best first. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
}

/** Users ranked before the event loop gets a turn: a few milliseconds of work. */
const TURN = 8;

/** Lists for every case through `rank()`, the code that serves, and what they are worth. */
export async function rankCases(
  arm: FittedArm,
  knobs: KnobValues,
  options: RankOptions,
): Promise<RankedCases> {
  const facts = trainFacts(arm.interactions);
  const evaluation = createEvaluation({
    metrics: options.metrics,
    bootstrap: options.bootstrap,
    catalogue: options.items.map((item) => item.item_id),
    trainCounts: facts.counts,
    nUsers: arm.interactions.users.length,
    categories: new Map(
      options.items.map((item) => [item.item_id, item.category]),
    ),
    brands: new Map(
      options.items.flatMap(({ item_id, brand }) =>
        brand === undefined ? [] : [[item_id, brand] as const],
      ),
    ),
    itemSlices: itemSlices(options.items, facts.counts),
  });
  const request = requestFor(knobs, options);
  const lists = new Map<string, readonly string[]>();
  for (const [done, user] of options.cases.entries()) {
    if (done % TURN === 0) {
      await setImmediate();
      options.onProgress?.(done);
    }
    const ranking = listFor(arm.snapshot, request, { user, now: options.now });
    lists.set(user.userId, ranking);
    evaluation.add({
      userId: user.userId,
      ranking,
      truth: user.truth,
      history: [...user.seen],
      slices: userSlices(user),
    });
  }
  return { result: evaluation.result(), lists };
}

function requestFor(knobs: KnobValues, options: RankOptions): RankRequest {
  return {
    route: "recommend",
    surface: options.surface,
    k: options.k,
    segment: null,
    anchors: [],
    include: null,
    exclude: [],
    shown: [],
    constraints: {},
    context: {},
    experimentKnobs: {},
    requestKnobs: {
      "eligibility.exclude_seen":
        options.wanted === "new-items" ? "all" : "none",
      ...knobs,
    },
    whyNot: [],
  };
}

function listFor(
  snapshot: Snapshot,
  request: RankRequest,
  { user, now }: { readonly user: UserCase; readonly now: number },
): string[] {
  const { slate } = rank({
    request,
    snapshot,
    userState: user.state,
    now,
    seed: hashSeed(user.userId),
  });
  return slate.map((item) => item.item_id);
}

/** Items with fewer train users than this are cold, histories with fewer items are light. */
const COLD_BELOW = 5;
const LIGHT_BELOW = 10;

function userSlices(user: UserCase): Record<string, string> {
  const history =
    user.seen.size === 0
      ? "new"
      : user.seen.size < LIGHT_BELOW
        ? "light"
        : "heavy";
  return {
    history,
    ...(user.country === undefined ? {} : { country: user.country }),
  };
}

function itemSlices(
  items: readonly Item[],
  counts: ReadonlyMap<string, number>,
): Map<string, { readonly item: string }> {
  return new Map(
    items.map(({ item_id }) => [
      item_id,
      { item: (counts.get(item_id) ?? 0) < COLD_BELOW ? "cold" : "warm" },
    ]),
  );
}

/** Users per item; rows are sorted by user, so a user repeats an item within one stretch. */
function trainFacts(interactions: Interactions) {
  const { user, item, items, weight } = interactions;
  const perItem = new Int32Array(items.length);
  const lastUser = new Int32Array(items.length).fill(-1);
  for (let row = 0; row < user.length; row++) {
    const at = item[row] ?? 0;
    const who = user[row] ?? 0;
    if ((weight[row] ?? 0) <= 0 || lastUser[at] === who) continue;
    lastUser[at] = who;
    perItem[at] = (perItem[at] ?? 0) + 1;
  }
  return {
    counts: new Map(items.map((id, at) => [id, perItem[at] ?? 0])),
  };
}
