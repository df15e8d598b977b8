import { BatchResult, OutcomeInput } from "@recsys/contracts";
import { rowsRoute } from "../../http/route.ts";
import { judgeOutcomes } from "../../ingest/event-rows.ts";
import { eventRules } from "../../ingest/event-rules.ts";
import { writeEvents } from "../../ingest/write-events.ts";
import { namespaceIn, queryOf } from "../shapes.ts";

/** POST /v1/outcomes */
export const appendOutcomesRoute = rowsRoute({
  name: "appendOutcomes",
  method: "POST",
  url: "/v1/outcomes",
  permission: "events:write",
  tag: "feedback",
  summary:
    "Report what followed from a list. The same as events with a request_id: each row is an event as well.",
  query: queryOf({}),
  row: OutcomeInput,
  answer: BatchResult,
  isCreating: true,
  handle: async ({ context, caller, requestId, query, body }) => {
    const { tenant } = caller;
    const namespace = namespaceIn(query);
    const rules = await eventRules(context, tenant, namespace);
    const judged = judgeOutcomes(body, rules);
    const place = { tenant, namespace, requestId, noun: "outcomes" as const };
    return { body: await writeEvents(context, place, { judged, rules }) };
  },
});
