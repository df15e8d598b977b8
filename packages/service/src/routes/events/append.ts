import { BatchResult, EventInput } from "@recsys/contracts";
import { rowsRoute } from "../../http/route.ts";
import { judgeEvents } from "../../ingest/event-rows.ts";
import { eventRules } from "../../ingest/event-rules.ts";
import { writeEvents } from "../../ingest/write-events.ts";
import { namespaceIn, queryOf } from "../shapes.ts";

/** POST /v1/events */
export const appendEventsRoute = rowsRoute({
  name: "appendEvents",
  method: "POST",
  url: "/v1/events",
  permission: "events:write",
  tag: "events",
  summary:
    "Append events, row by row. Acknowledged rows are durable and change the next list of this process.",
  query: queryOf({}),
  row: EventInput,
  answer: BatchResult,
  handle: async ({ context, caller, requestId, query, body }) => {
    const { tenant } = caller;
    const namespace = namespaceIn(query);
    const rules = await eventRules(context, tenant, namespace);
    const judged = judgeEvents(body, rules);
    const place = { tenant, namespace, requestId, noun: "events" as const };
    return { body: await writeEvents(context, place, { judged, rules }) };
  },
});
