import { listExposures } from "@recsys/store";
import Type from "typebox";
import { readRoute } from "../../http/route.ts";
import { FeedbackQuery, readFeedback } from "../feedback-page.ts";
import { pageOf, toTime } from "../shapes.ts";

/** GET /v1/exposures */
export const listExposuresRoute = readRoute({
  name: "listExposures",
  method: "GET",
  url: "/v1/exposures",
  permission: "records:read",
  tag: "feedback",
  summary: "List exposures by time of receipt.",
  query: FeedbackQuery,
  answer: pageOf({ request_id: Type.String(), item_id: Type.String() }),
  handle: async (call) => {
    const { page, sight } = await readFeedback(
      call,
      "exposures",
      listExposures,
    );
    const items = page.rows.map((row) => ({
      request_id: row.requestId,
      item_id: row.itemId,
      exposure_id: row.exposureId,
      user_key: sight.keyOf(row.userKey),
      ts: toTime(row.ts),
      received_at: toTime(row.receivedAt),
      contaminated: row.contaminated,
    }));
    return { body: { items, next_cursor: page.next } };
  },
});
