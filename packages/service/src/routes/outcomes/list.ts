import { listOutcomes } from "@recsys/store";
import Type from "typebox";
import { readRoute } from "../../http/route.ts";
import { FeedbackQuery, readFeedback } from "../feedback-page.ts";
import { pageOf, toTime } from "../shapes.ts";

/** GET /v1/outcomes */
export const listOutcomesRoute = readRoute({
  name: "listOutcomes",
  method: "GET",
  url: "/v1/outcomes",
  permission: "records:read",
  tag: "feedback",
  summary: "List outcomes by time of receipt.",
  query: FeedbackQuery,
  answer: pageOf({ request_id: Type.String(), item_id: Type.String() }),
  handle: async (call) => {
    const { page, sight } = await readFeedback(call, "outcomes", listOutcomes);
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
