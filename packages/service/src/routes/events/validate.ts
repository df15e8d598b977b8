import { BatchResult, EventInput, type RowResult } from "@recsys/contracts";
import { batchAnswer } from "../../http/batch.ts";
import { rowsRoute } from "../../http/route.ts";
import { judgeEvents } from "../../ingest/event-rows.ts";
import { eventRules } from "../../ingest/event-rules.ts";
import { namespaceIn, queryOf } from "../shapes.ts";

/** POST /v1/events/validate */
export const validateEventsRoute = rowsRoute({
  name: "validateEvents",
  method: "POST",
  url: "/v1/events/validate",
  permission: "events:write",
  tag: "events",
  summary: "Check events by all rules of POST /v1/events and write nothing.",
  query: queryOf({}),
  row: EventInput,
  answer: BatchResult,
  handle: async ({ context, caller, requestId, query, body }) => {
    const rules = await eventRules(context, caller.tenant, namespaceIn(query));
    const { events, rejections, warnings } = judgeEvents(body, rules);
    const results = events.map(({ row }): RowResult => {
      const said = warnings.get(row);
      return {
        row,
        status: "accepted",
        ...(said === undefined ? {} : { warnings: [...said] }),
      };
    });
    return { body: batchAnswer(requestId, [...results, ...rejections]) };
  },
});
