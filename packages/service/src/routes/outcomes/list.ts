import { listOutcomes } from "@recsys/store";
import Type from "typebox";
import { readRoute } from "../../http/route.ts";
import {
  FEEDBACK_FILTER_FIELDS,
  feedbackFilterIn,
} from "../feedback-filter.ts";
import {
  namespaceIn,
  PAGE_FIELDS,
  pageIn,
  pageOf,
  queryOf,
  toTime,
} from "../shapes.ts";

/** GET /v1/outcomes */
export const listOutcomesRoute = readRoute({
  name: "listOutcomes",
  method: "GET",
  url: "/v1/outcomes",
  permission: "personal:read",
  tag: "feedback",
  summary: "List outcomes by time of receipt.",
  query: queryOf({ ...PAGE_FIELDS, ...FEEDBACK_FILTER_FIELDS }),
  answer: pageOf({ request_id: Type.String(), item_id: Type.String() }),
  handle: async ({ context, caller, query }) => {
    const page = await context.store.inTenant(caller.tenant, (tx) =>
      listOutcomes(tx, namespaceIn(query), {
        ...pageIn(query),
        filter: feedbackFilterIn(query),
      }),
    );
    const items = page.rows.map((row) => ({
      request_id: row.requestId,
      item_id: row.itemId,
      type: row.type,
      outcome_id: row.eventId,
      user_key: row.userKey,
      value: row.value,
      quantity: row.quantity,
      price: row.price,
      ts: toTime(row.ts),
      received_at: toTime(row.receivedAt),
      late: row.late,
    }));
    return { body: { items, next_cursor: page.next } };
  },
});
