import { EntityId } from "@recsys/contracts";
import type {
  FeedbackFilter,
  FeedbackList,
  Page,
  TenantTx,
} from "@recsys/store";
import Type, { type Static, type TObject } from "typebox";
import type { Call } from "../http/route.ts";
import { seePeople, type Sight } from "../personal/see-people.ts";
import {
  given,
  namespaceIn,
  PAGE_FIELDS,
  pageIn,
  queryOf,
  SPAN_FIELDS,
} from "./shapes.ts";
import { spanIn } from "./span.ts";

/** Conditions on exposures and outcomes in a query; times are those of receipt. */
const FEEDBACK_FILTER_FIELDS = {
  ...SPAN_FIELDS,
  request_id: Type.Optional(Type.String({ format: "uuid" })),
  item_id: Type.Optional(EntityId),
};
type FeedbackFilterQuery = Static<TObject<typeof FEEDBACK_FILTER_FIELDS>>;

/** Query of a list of exposures or outcomes. */
export const FeedbackQuery = queryOf({
  ...PAGE_FIELDS,
  ...FEEDBACK_FILTER_FIELDS,
});

/** A page of exposures or outcomes, and what the reader may see of its people; the reading is recorded with it. */
export function readFeedback<Row>(
  call: Call<unknown, Static<typeof FeedbackQuery>, unknown>,
  kind: "exposures" | "outcomes",
  list: (
    tx: TenantTx,
    namespace: string,
    list: FeedbackList,
  ) => Promise<Page<Row>>,
): Promise<{ readonly page: Page<Row>; readonly sight: Sight }> {
  const { context, caller, query } = call;
  const namespace = namespaceIn(query);
  return context.store.inTenant(caller.tenant, async (tx) => {
    const filter = feedbackFilterIn(query);
    const page = await list(tx, namespace, { ...pageIn(query), filter });
    const looked = { namespace, kind, rows: page.rows.length };
    return { page, sight: await seePeople(tx, call, looked) };
  });
}

function feedbackFilterIn(query: FeedbackFilterQuery): FeedbackFilter {
  return {
    ...spanIn(query),
    ...given({ requestId: query.request_id, itemId: query.item_id }),
  };
}
