import { ApiError, DAY_MS, type RuleSet } from "@recsys/contracts";
import { totalRuleEffects } from "@recsys/store";
import Type from "typebox";
import { readDocument } from "../../admin/documents.ts";
import { readRoute } from "../../http/route.ts";
import { namespaceIn, queryOf, SPAN_FIELDS, toTime } from "../shapes.ts";
import { spanIn } from "../span.ts";

const MOST_DAYS = 31;

/** GET /v1/reports/rules */
export const ruleReportRoute = readRoute({
  name: "ruleReport",
  method: "GET",
  url: "/v1/reports/rules",
  permission: "config:read",
  tag: "reports",
  summary:
    "What each rule and override did in a span of time, those that did nothing named as well.",
  query: queryOf(SPAN_FIELDS),
  answer: Type.Object({
    from: Type.String(),
    to: Type.String(),
    rules: Type.Array(
      Type.Object({
        id: Type.String(),
        action: Type.Union([Type.String(), Type.Null()], {
          description: "null: not in the live set any more",
        }),
        requests: Type.Integer({
          description: "lists in which it did something",
        }),
        applied: Type.Integer({
          description: "candidates that it removed, moved or placed",
        }),
        listed: Type.Integer({ description: "of these, how many were listed" }),
        exposed: Type.Integer({ description: "of these, how many were seen" }),
        zero_effect: Type.Boolean({
          description:
            "it removed nothing, and nothing that it moved was listed",
        }),
      }),
    ),
  }),
  errors: ["LIMIT_EXCEEDED"],
  handle: async ({ context, caller, query }) => {
    const namespace = namespaceIn(query);
    const now = context.clock();
    const { from = now - 7 * DAY_MS, to = now + 1 } = spanIn(query);
    if (to - from > MOST_DAYS * DAY_MS) {
      throw new ApiError("LIMIT_EXCEEDED", {
        detail: `A report is of ${MOST_DAYS} days at most.`,
      });
    }
    const [totals, { content }] = await context.store.inTenant(
      caller.tenant,
      async (tx) => [
        await totalRuleEffects(tx, namespace, { from, to }),
        await readDocument<RuleSet>(tx, namespace, "rules"),
      ],
    );
    const actions = actionsOf(content);
    const known = new Map(totals.map((row) => [row.id, row]));
    const ids = [...new Set([...known.keys(), ...actions.keys()])].sort();
    const rules = ids.map((id) => {
      const row = { ...NOTHING, ...known.get(id), id };
      const action = actions.get(id) ?? null;
      const effect = action === "BLOCK" ? row.applied : row.listed;
      return { ...row, action, zero_effect: effect === 0 };
    });
    return { body: { from: toTime(from), to: toTime(to), rules } };
  },
});

const NOTHING = { requests: 0, applied: 0, listed: 0, exposed: 0 };

function actionsOf({
  rules,
  overrides = [],
}: RuleSet): ReadonlyMap<string, string> {
  return new Map([
    ...rules.map(({ id, action }) => [id, action] as const),
    ...overrides.map(
      ({ id, action }) => [id, action === "boost" ? "BOOST" : "BLOCK"] as const,
    ),
  ]);
}
