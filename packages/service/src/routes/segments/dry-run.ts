import {
  ApiError,
  Context,
  hashHex,
  SegmentRule,
  withoutReturned,
} from "@recsys/contracts";
import { holdsFor, matchSegment } from "@recsys/ranking";
import { loadUserStates, samplePseudonyms } from "@recsys/store";
import Type from "typebox";
import { segmentErrors } from "../../admin/config-errors.ts";
import { jsonRoute } from "../../http/route.ts";
import { STATE_EVENTS } from "../../serving/user-states.ts";
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
    "How many of a sample of people a segment rule would hold for, and which segments they are in now. Nothing is changed.",
  query: queryOf({}),
  body: closed({
    rule: SegmentRule,
    context: Type.Optional(Context),
    size: Type.Optional(Type.Integer({ minimum: 1, maximum: 5000 })),
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 4294967295 })),
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
  }),
  errors: ["NAMESPACE_UNKNOWN"],
  handle: async ({ context, caller, query, body }) => {
    const namespace = namespaceIn(query);
    const { loaded } = await context.snapshots.ensure(caller.tenant, namespace);
    const { config, expressions } = loaded.snapshot;
    const rule = body.rule as SegmentRule;
    const errors = segmentErrors(rule, { expressions, path: "/rule" });
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
    return { body: { ...summary(found), seed } };
  },
});

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
