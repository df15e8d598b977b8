import { DAY_MS, DEPRECATIONS, Timestamp } from "@recsys/contracts";
import { listDeprecatedUses } from "@recsys/store";
import Type from "typebox";
import { describeUse } from "../../deprecations.ts";
import { readRoute } from "../../http/route.ts";
import { liveConfig } from "../../ingest/live-config.ts";
import { namespaceIn, queryOf, toTime } from "../shapes.ts";
import { spanIn } from "../span.ts";

const nullable = Type.Union([Type.String(), Type.Null()]);

const DAYS = 30;

/** GET /v1/reports/deprecations */
export const deprecationReportRoute = readRoute({
  name: "deprecationReport",
  method: "GET",
  url: "/v1/reports/deprecations",
  permission: "config:read",
  tag: "reports",
  summary:
    "Who still uses deprecated fields and keys of the schema, and what to use instead.",
  query: queryOf({ from: Type.Optional(Timestamp) }),
  answer: Type.Object({
    from: Type.String({ description: "the day of this time counts in full" }),
    uses: Type.Array(
      Type.Object({
        what: Type.String({
          description: "field of requests, or group and key of the schema",
        }),
        caller: Type.String(),
        uses: Type.Integer({ description: "requests or rows" }),
        last_used_at: Type.String(),
        since: nullable,
        sunset: nullable,
        use: nullable,
      }),
    ),
    unused: Type.Array(Type.String(), {
      description: "deprecated fields that nobody used",
    }),
  }),
  handle: async ({ context, caller, query }) => {
    const namespace = namespaceIn(query);
    const { tenant } = caller;
    // What this process counted a moment ago is in its own report.
    await context.deprecations.flush();
    const { from = context.clock() - DAYS * DAY_MS } = spanIn(query);
    const { schema } = await liveConfig(context, tenant, namespace);
    const found = await context.store.inTenant(tenant, (tx) =>
      listDeprecatedUses(tx, namespace, from),
    );
    const uses = found.map(({ what, lastAt, ...row }) => {
      const known = describeUse(what, schema);
      return {
        ...row,
        what,
        last_used_at: toTime(lastAt),
        since: known?.since ?? null,
        sunset: known?.sunset ?? null,
        use: known?.use ?? null,
      };
    });
    const used = new Set(uses.map(({ what }) => what));
    const unused = DEPRECATIONS.map(({ field }) => field).filter(
      (field) => !used.has(field),
    );
    return { body: { from: toTime(from), uses, unused } };
  },
});
