import {
  ApiError,
  RecommendRequest,
  RuleEffect,
  RuleSet,
  SlugName,
} from "@recsys/contracts";
import { compareSlates } from "@recsys/evaluation";
import {
  findRuleConflicts,
  rank,
  runRuleCases,
  snapshotWithRules,
  type Snapshot,
} from "@recsys/ranking";
import { sampleDecisions } from "@recsys/store";
import Type, { type Static } from "typebox";
import { ruleErrors } from "../../admin/rule-errors.ts";
import type { Caller } from "../../auth/authenticate.ts";
import type { ServiceContext } from "../../context.ts";
import { jsonRoute } from "../../http/route.ts";
import { normalise } from "../../serving/normalise.ts";
import {
  readSubject,
  whoAsksForImpressions,
} from "../../serving/read-state.ts";
import { NO_RULES } from "../../serving/snapshot-documents.ts";
import { dryRunTraffic } from "../../steering/dry-run.ts";
import { closed, given, namespaceIn, queryOf, SPAN_FIELDS } from "../shapes.ts";
import { spanIn } from "../span.ts";
import { CaseOutcome, Conflict } from "./shapes.ts";

const Sample = closed({
  ...SPAN_FIELDS,
  size: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 4294967295 })),
  surface: Type.Optional(SlugName),
});

const Side = Type.Array(
  Type.Object({
    item_id: Type.String(),
    rank: Type.Integer(),
    score: Type.Number(),
    rule_id: Type.Optional(Type.String()),
  }),
);

/** POST /v1/admin/rules/dry-run */
export const dryRunRulesRoute = jsonRoute({
  name: "dryRunRules",
  method: "POST",
  url: "/v1/admin/rules/dry-run",
  permission: "config:read",
  tag: "rules",
  summary:
    "What a rule set would do: its conflicts and test cases, one request before and after, and a sample of recorded traffic. Nothing is changed or logged.",
  query: queryOf({}),
  body: closed({
    rules: RuleSet,
    request: Type.Optional(RecommendRequest),
    sample: Type.Optional(Sample),
  }),
  answer: Type.Object({
    conflicts: Type.Array(Conflict),
    cases: Type.Array(CaseOutcome),
    request: Type.Optional(
      Type.Object({
        before: Side,
        after: Side,
        gained: Type.Array(Type.String()),
        lost: Type.Array(Type.String()),
        rules: Type.Array(RuleEffect),
      }),
    ),
    traffic: Type.Optional(
      Type.Object({
        requests: Type.Integer(),
        changed_lists: Type.Integer(),
        first_item_changed: Type.Integer(),
        newly_empty: Type.Integer(),
        mean_overlap: Type.Union([Type.Number(), Type.Null()]),
        relevance_lost: Type.Union([Type.Number(), Type.Null()]),
        by_surface: Type.Array(Type.Record(Type.String(), Type.Unknown())),
        rules: Type.Array(Type.Record(Type.String(), Type.Unknown())),
        most_gained: Type.Array(Type.Record(Type.String(), Type.Unknown())),
        most_lost: Type.Array(Type.Record(Type.String(), Type.Unknown())),
        seed: Type.Integer(),
      }),
    ),
  }),
  errors: ["SURFACE_UNKNOWN", "NOT_READY"],
  handle: async ({ context, caller, query, body }) => {
    const namespace = namespaceIn(query);
    const { loaded } = await context.snapshots.ensure(caller.tenant, namespace);
    const live = loaded.snapshot;
    const errors = ruleErrors(body.rules, live.config).map((error) => ({
      ...error,
      path: `/rules${error.path}`,
    }));
    if (errors.length > 0) throw new ApiError("INVALID_REQUEST", { errors });
    const draft = snapshotWithRules(live, body.rules);
    const now = context.clock();
    const both = { live, draft, now };
    return {
      body: {
        conflicts: findRuleConflicts(draft.compiledRules, draft.catalogue, now),
        cases: runRuleCases(draft, now),
        ...(body.request === undefined
          ? {}
          : {
              request: await oneRequest(context, caller, {
                ...both,
                body: { ...body.request, namespace },
              }),
            }),
        ...(body.sample === undefined
          ? {}
          : {
              traffic: await traffic(context, caller, {
                ...both,
                namespace,
                sample: body.sample,
              }),
            }),
      },
    };
  },
});

interface Both {
  readonly live: Snapshot;
  readonly draft: Snapshot;
  readonly now: number;
}

async function oneRequest(
  context: ServiceContext,
  caller: Caller,
  asked: Both & { readonly body: RecommendRequest },
): Promise<object> {
  const { live, draft, now, body } = asked;
  const normalised = normalise({ route: "recommend", body }, live);
  const { tenant } = caller;
  const { state } = await readSubject(context, {
    tenant,
    namespace: live.namespace,
    secret: (await context.tenants.get(tenant)).secret,
    user: body.user,
    traits: normalised.traits,
    now,
    budgetMs: normalised.surface.latency_budget_ms,
    impressions: whoAsksForImpressions(live, normalised.request),
  });
  const input = {
    request: normalised.request,
    userState: state,
    now: normalised.asOf ?? now,
    seed: normalised.seed ?? 0,
  };
  const before = rank({ ...input, snapshot: live });
  const after = rank({ ...input, snapshot: draft });
  const { gained, lost } = compareSlates(
    before.slate.map(({ item_id }) => item_id),
    after.slate.map(({ item_id }) => item_id),
  );
  return {
    before: before.slate.map(toSide),
    after: after.slate.map(toSide),
    gained: gained.map(({ itemId }) => itemId),
    lost: lost.map(({ itemId }) => itemId),
    rules: after.rules,
  };
}

function toSide(item: ReturnType<typeof rank>["slate"][number]): object {
  const { item_id, rank: at, score, rule, reasons } = item;
  const pinned = reasons.find(({ code }) => code === "pinned")?.rule_id;
  return {
    item_id,
    rank: at,
    score,
    ...given({ rule_id: pinned ?? rule?.id }),
  };
}

const DEFAULT_SAMPLE = 200;

async function traffic(
  context: ServiceContext,
  caller: Caller,
  asked: Both & {
    readonly namespace: string;
    readonly sample: Static<typeof Sample>;
  },
): Promise<object> {
  const { live, draft, now, namespace, sample } = asked;
  const { seed = 0 } = sample;
  const records = await context.store.inTenant(caller.tenant, (tx) =>
    sampleDecisions(tx, namespace, {
      size: sample.size ?? DEFAULT_SAMPLE,
      seed,
      filter: { ...spanIn(sample), ...given({ surface: sample.surface }) },
    }),
  );
  const run = await dryRunTraffic(
    records.map(({ record }) => record),
    { live, draft, now, without: snapshotWithRules(live, NO_RULES) },
  );
  const { comparison } = run;
  return {
    requests: comparison.requests,
    changed_lists: comparison.requests - comparison.identical,
    first_item_changed: comparison.firstChanged,
    newly_empty: comparison.newlyEmpty,
    mean_overlap:
      comparison.meanOverlap.kind === "number"
        ? comparison.meanOverlap.value
        : null,
    relevance_lost: run.relevanceLost,
    by_surface: run.changed,
    rules: run.rules,
    most_gained: comparison.mostGained.map(toCount),
    most_lost: comparison.mostLost.map(toCount),
    seed,
  };
}

function toCount(row: {
  readonly itemId: string;
  readonly requests: number;
}): object {
  return { item_id: row.itemId, requests: row.requests };
}
