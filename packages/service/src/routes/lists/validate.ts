import {
  AppliedPolicies,
  RecommendRequest,
  Warning,
  withoutReturned,
} from "@recsys/contracts";
import { appliedPolicies, effectiveKnobs, matchSegment } from "@recsys/ranking";
import Type from "typebox";
import { requirePermission } from "../../auth/authenticate.ts";
import { deprecationHeaders } from "../../deprecations.ts";
import { jsonRoute } from "../../http/route.ts";
import { namespaceOf, normalise, overrides } from "../../serving/normalise.ts";
import { readSubject } from "../../serving/read-state.ts";
import { LIST_ERRORS } from "./answer-with.ts";

/** POST /v1/recommend/validate */
export const validateRequestRoute = jsonRoute({
  name: "validateRequest",
  method: "POST",
  url: "/v1/recommend/validate",
  permission: "recommend:read",
  tag: "lists",
  summary:
    "What a request would mean: normalised, with every knob in force and the layer it comes from. Nothing is ranked or logged.",
  body: RecommendRequest,
  answer: Type.Object({
    request: Type.Record(Type.String(), Type.Unknown()),
    segment: Type.Union([Type.String(), Type.Null()]),
    policies: AppliedPolicies,
    knobs: Type.Array(
      Type.Object({
        name: Type.String(),
        value: Type.Union([Type.Number(), Type.Boolean(), Type.String()]),
        layer: Type.String(),
      }),
    ),
    warnings: Type.Array(Warning),
  }),
  errors: LIST_ERRORS,
  handle: async ({ context, caller, body }) => {
    const asked = { route: "recommend", body } as const;
    if (overrides(asked)) requirePermission(caller, "recommend:override");
    const { tenant } = caller;
    const namespace = namespaceOf(asked);
    const { loaded } = await context.snapshots.ensure(tenant, namespace);
    const { snapshot } = loaded;
    const normalised = normalise(asked, snapshot);
    const now = normalised.asOf ?? context.clock();
    const { state } = await readSubject(context, {
      tenant,
      namespace,
      secret: (await context.tenants.get(tenant)).secret,
      user: body.user,
      traits: normalised.traits,
      now,
      budgetMs: normalised.surface.latency_budget_ms,
      impressions: "none",
    });
    const { request } = normalised;
    const segment =
      request.segment ??
      matchSegment(
        snapshot.config.segments,
        {
          traits: state.traits,
          context: request.context,
          events: withoutReturned(state).events,
          now,
        },
        snapshot.expressions,
      );
    const knobs = effectiveKnobs(snapshot, request, segment);
    const policies = appliedPolicies(snapshot.config, request.surface);
    const { warnings, deprecated } = normalised;
    context.deprecations.note(caller, namespace, deprecated);
    const headers = deprecationHeaders(deprecated);
    return {
      body: { request, segment, policies, knobs, warnings },
      ...(headers === undefined ? {} : { headers }),
    };
  },
});
