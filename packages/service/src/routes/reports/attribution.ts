import { ApiError, DAY_MS, HOUR_MS } from "@recsys/contracts";
import {
  attribute,
  type Attribution,
  type Outcome,
  type SeenItem,
} from "@recsys/evaluation";
import { listExposures, listOutcomes } from "@recsys/store";
import Type from "typebox";
import type { ServiceContext } from "../../context.ts";
import { readRoute } from "../../http/route.ts";
import { liveConfig } from "../../ingest/live-config.ts";
import { namespaceIn, queryOf, SPAN_FIELDS, toTime } from "../shapes.ts";
import { spanIn } from "../span.ts";

const PAGE = 5000;
/** More rows than this in a span are refused: the offline report is for those. */
const MAX_ROWS = 500_000;

/** GET /v1/reports/attribution */
export const attributionRoute = readRoute({
  name: "attribution",
  method: "GET",
  url: "/v1/reports/attribution",
  permission: "pipelines:read",
  tag: "reports",
  summary:
    "Outcomes of a span of time joined to what was seen, by the window and rule of each event type; purchases that were returned count for nothing.",
  query: queryOf(SPAN_FIELDS),
  answer: Type.Object({
    from: Type.String(),
    to: Type.String(),
    counts: Type.Record(Type.String(), Type.Integer()),
    by_type: Type.Record(
      Type.String(),
      Type.Record(Type.String(), Type.Number()),
    ),
    policies: Type.Record(Type.String(), Type.Unknown()),
  }),
  errors: ["LIMIT_EXCEEDED"],
  handle: async ({ context, caller, query }) => {
    const namespace = namespaceIn(query);
    const now = context.clock();
    const { from = now - 7 * DAY_MS, to = now } = spanIn(query);
    const { event_types: policies } = await liveConfig(
      context,
      caller.tenant,
      namespace,
    );
    const rows = await readRows(context, caller.tenant, {
      namespace,
      from,
      to,
      reachMs: reachOf(policies),
    });
    const { kept, returned } = withoutReturns(rows.outcomes);
    const joined = attribute(kept, rows.exposures, { policies, now });
    return {
      body: {
        from: toTime(from),
        to: toTime(to),
        counts: { ...joined.counts, returned: returned.length },
        by_type: byType(joined, returned),
        policies,
      },
    };
  },
});

interface ValuedOutcome extends Outcome {
  readonly value: number;
  readonly returned: boolean;
}

/** Purchases that were taken back are credited to nobody. */
function withoutReturns(outcomes: readonly ValuedOutcome[]): {
  readonly kept: readonly ValuedOutcome[];
  readonly returned: readonly ValuedOutcome[];
} {
  return {
    kept: outcomes.filter(({ returned }) => !returned),
    returned: outcomes.filter(({ returned }) => returned),
  };
}

/** An exposure may have been received as long before the outcome as the longest window. */
function reachOf(
  policies: Readonly<
    Record<string, { readonly attribution_window_hours: number }>
  >,
): number {
  const hours = Object.values(policies).map(
    (policy) => policy.attribution_window_hours,
  );
  return Math.max(0, ...hours) * HOUR_MS;
}

async function readRows(
  context: ServiceContext,
  tenant: string,
  span: {
    readonly namespace: string;
    readonly from: number;
    readonly to: number;
    readonly reachMs: number;
  },
): Promise<{
  readonly outcomes: readonly ValuedOutcome[];
  readonly exposures: readonly SeenItem[];
}> {
  const { namespace, from, to, reachMs } = span;
  return context.store.inTenant(tenant, async (tx) => {
    const outcomes = await readAll((cursor) =>
      listOutcomes(tx, namespace, {
        ...cursor,
        limit: PAGE,
        filter: { from, to },
      }),
    );
    const exposures = await readAll((cursor) =>
      listExposures(tx, namespace, {
        ...cursor,
        limit: PAGE,
        filter: { from: from - reachMs, to },
      }),
    );
    return {
      outcomes: outcomes.map((row, i) => ({
        ...row,
        outcomeId: row.eventId ?? String(i),
        value: (row.price ?? 0) * (row.quantity ?? 1),
      })),
      exposures,
    };
  });
}

async function readAll<Row>(
  read: (cursor: { readonly cursor?: string }) => Promise<{
    readonly rows: readonly Row[];
    readonly next: string | null;
  }>,
): Promise<Row[]> {
  const all: Row[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await read(cursor === undefined ? {} : { cursor });
    all.push(...page.rows);
    if (all.length > MAX_ROWS) {
      throw new ApiError("LIMIT_EXCEEDED", {
        detail: `The span holds more than ${MAX_ROWS} rows; choose a shorter one.`,
      });
    }
    cursor = page.next;
  }
  return all;
}

/** Outcomes, those credited to a list, and their money, and those that were undone, by event type. */
function byType(
  joined: Attribution<ValuedOutcome, SeenItem>,
  returned: readonly ValuedOutcome[],
): Record<string, Record<string, number>> {
  const types = new Map<
    string,
    {
      outcomes: number;
      attributed: number;
      attributed_value: number;
      returned: number;
    }
  >();
  const at = (type: string) => {
    const found = types.get(type) ?? {
      outcomes: 0,
      attributed: 0,
      attributed_value: 0,
      returned: 0,
    };
    types.set(type, found);
    return found;
  };
  for (const { outcome } of joined.matched) {
    const entry = at(outcome.type);
    entry.outcomes++;
    entry.attributed++;
    entry.attributed_value += outcome.value;
  }
  const others = [
    ...joined.outsideWindow,
    ...joined.pending,
    ...joined.contaminated,
    ...joined.unmatched.map(({ outcome }) => outcome),
  ];
  for (const outcome of others) at(outcome.type).outcomes++;
  for (const outcome of returned) {
    at(outcome.type).outcomes++;
    at(outcome.type).returned++;
  }
  return Object.fromEntries(types);
}
