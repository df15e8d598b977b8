import { ApiError, DAY_MS } from "@recsys/contracts";
import Type from "typebox";
import { readRoute } from "../../http/route.ts";
import { countViolations } from "../../moderation/count-violations.ts";
import { namespaceIn, queryOf, SPAN_FIELDS, toTime } from "../shapes.ts";
import { spanIn } from "../span.ts";

const MOST_DAYS = 31;

/** GET /v1/reports/policy-violations */
export const policyViolationsRoute = readRoute({
  name: "policyViolations",
  method: "GET",
  url: "/v1/reports/policy-violations",
  permission: "config:read",
  tag: "reports",
  summary:
    "The share of listed items that the content policy kept out when they were listed: a guardrail that must be 0.",
  query: queryOf(SPAN_FIELDS),
  answer: Type.Object({
    from: Type.String(),
    to: Type.String(),
    served: Type.Integer({ description: "places of all lists" }),
    violations: Type.Integer(),
    rate: Type.Union([Type.Number(), Type.Null()], {
      description: "null: nothing was listed",
    }),
    threshold: Type.Literal(0),
    ok: Type.Boolean(),
    by_label: Type.Record(Type.String(), Type.Integer()),
    by_surface: Type.Record(Type.String(), Type.Integer()),
  }),
  errors: ["LIMIT_EXCEEDED"],
  handle: async ({ context, caller, query }) => {
    const now = context.clock();
    const { from = now - DAY_MS, to = now + 1 } = spanIn(query);
    if (to - from > MOST_DAYS * DAY_MS) {
      throw new ApiError("LIMIT_EXCEEDED", {
        detail: `A report is of ${MOST_DAYS} days at most.`,
      });
    }
    const found = await context.store.inTenant(caller.tenant, (tx) =>
      countViolations(tx, namespaceIn(query), { from, to }),
    );
    const { served, violations } = found;
    return {
      body: {
        from: toTime(from),
        to: toTime(to),
        served,
        violations,
        rate: served === 0 ? null : violations / served,
        threshold: 0,
        ok: violations === 0,
        by_label: found.byLabel,
        by_surface: found.bySurface,
      },
    };
  },
});
