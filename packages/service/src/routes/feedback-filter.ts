import { EntityId } from "@recsys/contracts";
import type { FeedbackFilter } from "@recsys/store";
import Type, { type Static, type TObject } from "typebox";
import { given, SPAN_FIELDS } from "./shapes.ts";
import { spanIn } from "./span.ts";

/** Conditions on exposures and outcomes in a query; times are those of receipt. */
export const FEEDBACK_FILTER_FIELDS = {
  ...SPAN_FIELDS,
  request_id: Type.Optional(Type.String({ format: "uuid" })),
  item_id: Type.Optional(EntityId),
};
type FeedbackFilterQuery = Static<TObject<typeof FEEDBACK_FILTER_FIELDS>>;

export function feedbackFilterIn(query: FeedbackFilterQuery): FeedbackFilter {
  return {
    ...spanIn(query),
    ...given({ requestId: query.request_id, itemId: query.item_id }),
  };
}
