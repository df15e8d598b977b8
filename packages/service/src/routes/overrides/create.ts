import { randomUUID } from "node:crypto";
import {
  EntityId,
  ManualOverride,
  SlugName,
  type RuleSet,
} from "@recsys/contracts";
import Type from "typebox";
import { editDocument } from "../../admin/documents.ts";
import { requireGoodRules } from "../../admin/rule-errors.ts";
import { jsonRoute } from "../../http/route.ts";
import { liveConfig } from "../../ingest/live-config.ts";
import { closed, namespaceIn, queryOf, toTime } from "../shapes.ts";

const DAY_S = 86_400;

/** POST /v1/admin/manual_overrides */
export const createOverrideRoute = jsonRoute({
  name: "createOverride",
  method: "POST",
  url: "/v1/admin/manual_overrides",
  permission: "overrides:write",
  tag: "rules",
  summary:
    "Boost or suppress one item by hand for a time; it ends by itself. The newest for an item decides, before any rule.",
  query: queryOf({}),
  body: closed({
    action: ManualOverride.properties.action,
    item_id: EntityId,
    amount: ManualOverride.properties.amount,
    surface: Type.Optional(SlugName),
    ttl_seconds: Type.Integer({ minimum: 60, maximum: 90 * DAY_S }),
    reason: ManualOverride.properties.reason,
  }),
  answer: ManualOverride,
  answerStatus: 201,
  isCreating: true,
  handle: async ({ context, caller, query, body }) => {
    const namespace = namespaceIn(query);
    const config = await liveConfig(context, caller.tenant, namespace);
    const { ttl_seconds, ...what } = body;
    const now = context.clock();
    const override: ManualOverride = {
      ...what,
      id: `override-${randomUUID()}`,
      author: caller.principal.id,
      created_at: toTime(now),
      expires_at: toTime(now + ttl_seconds * 1000),
    };
    await editDocument<RuleSet>(
      context,
      { caller, namespace, pointer: "rules", reason: body.reason },
      (live) => {
        const overrides = [...unexpired(live, now), override];
        const rules = { ...live, overrides };
        requireGoodRules(rules, config);
        return rules;
      },
    );
    return { status: 201, body: override };
  },
});

/** Those that are over need not be kept: the history has them. */
function unexpired(
  { overrides = [] }: RuleSet,
  now: number,
): readonly ManualOverride[] {
  return overrides.filter(({ expires_at }) => Date.parse(expires_at) > now);
}
