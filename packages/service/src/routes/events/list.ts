import { listEvents, type StoredEvent } from "@recsys/store";
import Type from "typebox";
import { readRoute } from "../../http/route.ts";
import { identities } from "../../ingest/subjects.ts";
import { seePeople, type Sight } from "../../personal/see-people.ts";
import {
  given,
  namespaceIn,
  PAGE_FIELDS,
  pageIn,
  pageOf,
  queryOf,
  toTime,
} from "../shapes.ts";
import { EVENT_FILTER_FIELDS, eventFilterIn } from "./filter.ts";

/** GET /v1/events */
export const listEventsRoute = readRoute({
  name: "listEvents",
  method: "GET",
  url: "/v1/events",
  permission: "records:read",
  tag: "events",
  summary: "List events, newest first, with filters.",
  query: queryOf({ ...PAGE_FIELDS, ...EVENT_FILTER_FIELDS }),
  answer: pageOf({
    user_key: Type.String(),
    type: Type.String(),
    item_id: Type.String(),
    ts: Type.String(),
  }),
  handle: async (call) => {
    const { context, caller, query } = call;
    const namespace = namespaceIn(query);
    const who = identities((await context.tenants.get(caller.tenant)).secret);
    return context.store.inTenant(caller.tenant, async (tx) => {
      const filter = await eventFilterIn(tx, namespace, { query, who });
      const page = await listEvents(tx, namespace, {
        ...pageIn(query),
        filter,
      });
      const sight = await seePeople(tx, call, {
        namespace,
        kind: "events",
        rows: page.rows.length,
        ...given({ userKey: filter.userKey ?? filter.sessionKey }),
      });
      const items = page.rows.map((event) => toWire(event, sight));
      return { body: { items, next_cursor: page.next } };
    });
  },
});

/** People appear under their random keys: identifiers are the caller's own. */
function toWire(event: StoredEvent, { keyOf }: Sight): Record<string, unknown> {
  return {
    event_id: event.eventId,
    user_key: keyOf(event.userKey),
    session_key: keyOf(event.sessionKey),
    type: event.type,
    item_id: event.itemId,
    value: event.value,
    quantity: event.quantity,
    price: event.price,
    currency: event.currency,
    order_id: event.orderId,
    ts: toTime(event.ts),
    received_at: toTime(event.receivedAt),
    late: event.late,
    request_id: event.requestId,
    position: event.position,
    surface: event.surface,
    context: event.context,
    client: event.client,
  };
}
