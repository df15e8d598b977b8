import {
  ApiError,
  Context,
  hashHex,
  KnobValues,
  scoreParts,
  SegmentRule,
  SlugName,
  StarterProfile,
  withoutReturned,
  type RankRequest,
} from "@recsys/contracts";
import {
  checkKnobs,
  holdsFor,
  matchSegment,
  rank,
  snapshotWithSegments,
  type Snapshot,
} from "@recsys/ranking";
import { loadUserStates, samplePseudonyms } from "@recsys/store";
import Type from "typebox";
import { segmentErrors } from "../../admin/config-errors.ts";
import { jsonRoute } from "../../http/route.ts";
import { EMPTY_STATE, STATE_EVENTS } from "../../serving/user-states.ts";
import { closed, namespaceIn, queryOf } from "../shapes.ts";

const DEFAULT_SAMPLE = 1000;
/** People whose states are read at once. */
const GROUP = 200;

/** POST /v1/admin/segments/dry-run */
export const dryRunSegmentRoute = jsonRoute({
  name: "dryRunSegment",
  method: "POST",
  url: "/v1/admin/segments/dry-run",
  permission: "config:read",
  tag: "configuration",
  summary:
    "How many of a sample of people a segment rule would hold for, and which segments they are in now. What a newcomer of the segment would get, with its knobs and starter profile. Nothing is changed.",
  query: queryOf({}),
  body: closed({
    rule: SegmentRule,
    context: Type.Optional(Context),
    size: Type.Optional(Type.Integer({ minimum: 1, maximum: 5000 })),
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 4294967295 })),
    knobs: Type.Optional(KnobValues),
    starter: Type.Optional(StarterProfile),
    surface: Type.Optional(SlugName),
  }),
  answer: Type.Object({
    people: Type.Integer({ description: "in the sample" }),
    matched: Type.Integer(),
    share: Type.Union([Type.Number(), Type.Null()]),
    from_segments: Type.Array(
      Type.Object({
        segment: Type.Union([Type.String(), Type.Null()]),
        people: Type.Integer(),
        matched: Type.Integer(),
      }),
      { description: "the segment that applies to them now" },
    ),
    seed: Type.Integer(),
    newcomer: Type.Object(
      {
        surface: Type.String(),
        distinct_categories: Type.Integer(),
        items: Type.Array(
          Type.Object({
            item_id: Type.String(),
            score: Type.Number(),
            starter: Type.Number({
              description: "part of the score that is of the starter profile",
            }),
          }),
        ),
      },
      {
        description:
          "the list of somebody of the segment of whom nothing else is known",
      },
    ),
  }),
  errors: ["NAMESPACE_UNKNOWN", "SURFACE_UNKNOWN"],
  handle: async ({ context, caller, query, body }) => {
    const namespace = namespaceIn(query);
    const { loaded } = await context.snapshots.ensure(caller.tenant, namespace);
    const { config, expressions } = loaded.snapshot;
    const rule = body.rule as SegmentRule;
    const errors = [
      ...segmentErrors(rule, { expressions, path: "/rule" }),
      ...checkKnobs(body.knobs ?? {}, "/knobs"),
    ];
    if (errors.length > 0) throw new ApiError("INVALID_REQUEST", { errors });
    const { seed = 0, size = DEFAULT_SAMPLE } = body;
    const found = new Map<string | null, { people: number; matched: number }>();
    await context.store.inTenant(caller.tenant, async (tx) => {
      const sample = await samplePseudonyms(tx, namespace, {
        size,
        // A pseudonym is a hash, so that people from a random place on are a random sample.
        from: hashHex(`segments:${seed}`),
      });
      for (let at = 0; at < sample.length; at += GROUP) {
        const states = await loadUserStates(tx, namespace, {
          pseudonyms: sample.slice(at, at + GROUP),
          limit: STATE_EVENTS,
        });
        for (const state of states.values()) {
          const facts = {
            traits: state.traits,
            context: body.context ?? {},
            events:
              state.consent === "denied" ? [] : withoutReturned(state).events,
            now: context.clock(),
          };
          const segment = matchSegment(config.segments, facts, expressions);
          const count = found.get(segment) ?? { people: 0, matched: 0 };
          found.set(segment, count);
          count.people++;
          if (holdsFor(rule, facts, expressions)) count.matched++;
        }
      }
    });
    const newcomer = listOfNewcomer(loaded.snapshot, {
      ...body,
      rule,
      seed,
      now: context.clock(),
    });
    return { body: { ...summary(found), seed, newcomer } };
  },
});

const DRAFT = "draft";

/** Ranked as the service would, with the draft as the first segment. Throws SURFACE_UNKNOWN. */
function listOfNewcomer(
  live: Snapshot,
  draft: {
    readonly rule: SegmentRule;
    readonly knobs?: KnobValues;
    readonly starter?: StarterProfile;
    readonly surface?: string;
    readonly context?: RankRequest["context"];
    readonly seed: number;
    readonly now: number;
  },
) {
  const { rule, knobs = {}, starter, context = {}, seed, now } = draft;
  const { segments, surfaces } = live.config;
  const surface = draft.surface ?? Object.keys(surfaces)[0] ?? "";
  const settings = Object.hasOwn(surfaces, surface) ? surfaces[surface] : null;
  if (!settings) {
    throw new ApiError("SURFACE_UNKNOWN", {
      detail: `There is no surface ${surface}.`,
    });
  }
  const segment = { name: DRAFT, owner: DRAFT, rule, knobs };
  const snapshot = snapshotWithSegments(live, [
    { ...segment, ...(starter && { starter }) },
    ...segments,
  ]);
  const result = rank({
    request: { ...NOBODY, surface, k: settings.default_k, context },
    snapshot,
    userState: EMPTY_STATE,
    now,
    seed,
  });
  return {
    surface,
    distinct_categories: result.diversity.distinct_categories,
    items: result.slate.map((item) => ({
      item_id: item.item_id,
      score: item.score,
      starter:
        scoreParts(item, result).find(({ part }) => part === "starter")
          ?.contribution ?? 0,
    })),
  };
}

const NOBODY: Omit<RankRequest, "surface" | "k" | "context"> = {
  route: "recommend",
  segment: DRAFT,
  anchors: [],
  include: null,
  exclude: [],
  shown: [],
  constraints: {},
  experimentKnobs: {},
  requestKnobs: {},
  whyNot: [],
};

function summary(
  found: ReadonlyMap<
    string | null,
    { readonly people: number; readonly matched: number }
  >,
) {
  const counts = [...found.values()];
  const people = counts.reduce((sum, count) => sum + count.people, 0);
  const matched = counts.reduce((sum, count) => sum + count.matched, 0);
  return {
    people,
    matched,
    share: people === 0 ? null : matched / people,
    from_segments: [...found]
      .map(([segment, count]) => ({ segment, ...count }))
      .sort((a, b) => ((a.segment ?? "") < (b.segment ?? "") ? -1 : 1)),
  };
}
