import type { ConfigDocument, EventInput, RowResult } from "@recsys/contracts";
import {
  appendEvents,
  upsertItems,
  upsertUsers,
  type Identity,
  type NewEvent,
  type TenantTx,
} from "@recsys/store";
import type { ImportRow } from "./record.ts";
import type { PendingRow } from "./target.ts";

/** HMAC of an identifier under the tenant's secret, as serving computes it. */
export type Pseudonymise = (kind: Identity["kind"], id: string) => string;

export interface StoreRowsOptions {
  readonly namespace: string;
  readonly pseudonym: Pseudonymise;
}

/** One transaction's worth of a batch; results carry the position in the batch. */
export type Part = (tx: TenantTx) => Promise<readonly RowResult[]>;

/** The batch by entity: each takes its own locks, so each is a transaction of its own. */
export function partsOf(
  rows: readonly PendingRow[],
  options: StoreRowsOptions,
  config: ConfigDocument,
): Part[] {
  const { namespace } = options;
  const items = numbered(rows, "item");
  const users = numbered(rows, "user");
  const events = numbered(rows, "event");
  const parts: Part[] = [];
  if (items.length > 0) {
    parts.push(async (tx) => (await upsertItems(tx, namespace, items)).results);
  }
  if (users.length > 0) {
    const named = users.map(({ row, input }) => ({
      row,
      input,
      pseudonym: options.pseudonym("user", input.user_id),
    }));
    parts.push((tx) => upsertUsers(tx, namespace, named));
  }
  if (events.length > 0) {
    const batch = {
      rows: events.map(({ row, input }) => toNewEvent(row, input, options)),
      lateAfterMs: config.ingest.late_after_hours * 3_600_000,
    };
    parts.push(
      async (tx) => (await appendEvents(tx, namespace, batch)).results,
    );
  }
  return parts;
}

type InputOf<E extends ImportRow["entity"]> = Extract<
  ImportRow,
  { entity: E }
>["input"];

function numbered<E extends ImportRow["entity"]>(
  rows: readonly PendingRow[],
  entity: E,
): { readonly row: number; readonly input: InputOf<E> }[] {
  return rows.flatMap(({ row }, position) =>
    row.entity === entity
      ? [{ row: position, input: row.input as InputOf<E> }]
      : [],
  );
}

function toNewEvent(
  row: number,
  input: EventInput,
  options: StoreRowsOptions,
): NewEvent {
  const { user_id, anonymous_id, session_id } = input;
  const identity = (kind: Identity["kind"], id: string | undefined) =>
    id === undefined
      ? null
      : { kind, externalId: id, pseudonym: options.pseudonym(kind, id) };
  const session = identity("session", session_id);
  const person =
    identity("user", user_id) ?? identity("anonymous", anonymous_id);
  return {
    row,
    subject: person ?? session,
    session: person === null ? null : session,
    type: input.type,
    itemId: input.item_id,
    eventId: input.event_id ?? null,
    ts: input.ts === undefined ? null : Date.parse(input.ts),
    value: input.value ?? null,
    quantity: input.quantity ?? null,
    price: input.price ?? null,
    currency: input.currency ?? null,
    orderId: input.order_id ?? null,
    requestId: input.request_id ?? null,
    position: input.position ?? null,
    surface: input.surface ?? null,
    context: input.context ?? null,
    client: input.client ?? null,
    canary: input.canary ?? false,
  };
}
