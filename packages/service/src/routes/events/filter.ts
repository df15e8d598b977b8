import { EntityId, EventType } from "@recsys/contracts";
import { findPerson, type EventFilter, type TenantTx } from "@recsys/store";
import Type, { type Static, type TObject } from "typebox";
import type { identities } from "../../ingest/subjects.ts";
import { given, PERSON_FIELDS, SPAN_FIELDS } from "../shapes.ts";
import { spanIn } from "../span.ts";

/** Conditions on events in a query; times are those of the events. */
export const EVENT_FILTER_FIELDS = {
  ...PERSON_FIELDS,
  ...SPAN_FIELDS,
  item_id: Type.Optional(EntityId),
  type: Type.Optional(EventType),
  event_id: Type.Optional(EntityId),
};
type EventFilterQuery = Static<TObject<typeof EVENT_FILTER_FIELDS>>;

/** A key that no row has: a person who was never seen has no rows. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

/** The conditions of a query in the terms of the store. */
export async function eventFilterIn(
  tx: TenantTx,
  namespace: string,
  asked: {
    readonly query: EventFilterQuery;
    readonly who: ReturnType<typeof identities>;
  },
): Promise<EventFilter> {
  const { query, who } = asked;
  const { item_id, type, event_id, user_id, anonymous_id, session_id } = query;
  const person = who.subjectOf(given({ user_id, anonymous_id }));
  const session =
    session_id === undefined ? null : who.make("session", session_id);
  return {
    ...spanIn(query),
    ...given({ itemId: item_id, type, eventId: event_id }),
    ...(person === null
      ? {}
      : { userKey: await keyOf(tx, namespace, person.pseudonym) }),
    ...(session === null
      ? {}
      : { sessionKey: await keyOf(tx, namespace, session.pseudonym) }),
  };
}

/** The key of a person by pseudonym; one that matches nothing for somebody never seen. */
export async function keyOf(
  tx: TenantTx,
  namespace: string,
  pseudonym: string,
): Promise<string> {
  const person = await findPerson(tx, namespace, pseudonym);
  return person?.userKey ?? NOBODY;
}
