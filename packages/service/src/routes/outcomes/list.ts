import { listOutcomes } from "@recsys/store";
import Type from "typebox";
import { readRoute } from "../../http/route.ts";
import { seePeople } from "../../personal/see-people.ts";
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
  permission: "records:read",
  tag: "feedback",
  summary: "List outcomes by time of receipt.",
  query: queryOf({ ...PAGE_FIELDS, ...FEEDBACK_FILTER_FIELDS }),
  answer: pageOf({ request_id: Type.String(), item_id: Type.String() }),
  handle: async (call) => {
    const { context, caller, query } = call;
    const namespace = namespaceIn(query);
    const { page, sight } = await context.store.inTenant(
      caller.tenant,
      async (tx) => {
        const filter = feedbackFilterIn(query);
        const page = await listOutcomes(tx, namespace, {
          ...pageIn(query),
          filter,
        });
        const rows = page.rows.length;
        const looked = { namespace, kind: "outcomes", rows } as const;
        return { page, sight: await seePeople(tx, call, looked) };
      },
    );
    const items = page.rows.map((row) => ({
      request_id: row.requestId,
      item_id: row.itemId,
      type: row.type,
      outcome_id: row.eventId,
      user_key: sight.keyOf(row.userKey),
      value: row.value,
      quantity: row.quantity,
      price: row.price,
      order_id: row.orderId,
      returned: row.returned,
      ts: toTime(row.ts),
      received_at: toTime(row.receivedAt),
      late: row.late,
    }));
    return { body: { items, next_cursor: page.next } };
  },
});
