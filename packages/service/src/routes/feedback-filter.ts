import { EntityId } from "@recsys/contracts";
import type { FeedbackFilter } from "@recsys/store";
import Type, { type Static } from "typebox";
import { closed, given, SPAN_FIELDS } from "./shapes.ts";
import { spanIn } from "./span.ts";

/** Conditions on exposures and outcomes in a query; times are those of receipt. */
export const FEEDBACK_FILTER_FIELDS = {
  ...SPAN_FIELDS,
  request_id: Type.Optional(Type.String({ format: "uuid" })),
  item_id: Type.Optional(EntityId),
};
const FeedbackFilterQuery = closed(FEEDBACK_FILTER_FIELDS);

export function feedbackFilterIn(
  query: Static<typeof FeedbackFilterQuery>,
): FeedbackFilter {
  return {
    ...spanIn(query),
    ...given({ requestId: query.request_id, itemId: query.item_id }),
  };
}
