import {
  HOUR_MS,
  type ConfigDocument,
  type EventInput,
  type ExposureInput,
  type OutcomeInput,
  type RowResult,
} from "@recsys/contracts";
import {
  appendEvents,
  appendExposures,
  upsertItems,
  upsertUsers,
  type Identity,
  type NewEvent,
  type NewExposure,
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
  const exposures = numbered(rows, "exposure");
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
  if (exposures.length > 0) {
    const shown = exposures.map(({ row, input }) =>
      toNewExposure(row, input, options),
    );
    parts.push((tx) => appendExposures(tx, namespace, shown));
  }
  const events = newEvents(rows, options);
  if (events.length > 0) {
    const lateAfterMs = config.ingest.late_after_hours * HOUR_MS;
    parts.push(
      async (tx) =>
        (await appendEvents(tx, namespace, { rows: events, lateAfterMs }))
          .results,
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

/** Events, and outcomes: those are events with the request_id of a list. */
function newEvents(
  rows: readonly PendingRow[],
  options: StoreRowsOptions,
): NewEvent[] {
  return [
    ...numbered(rows, "event").map(({ row, input }) =>
      toNewEvent(row, input, options),
    ),
    ...numbered(rows, "outcome").map(({ row, input }) =>
      toNewEvent(row, asEvent(input), options),
    ),
  ].sort((a, b) => a.row - b.row);
}

function asEvent({ outcome_id, ...outcome }: OutcomeInput): EventInput {
  return outcome_id === undefined
    ? outcome
    : { ...outcome, event_id: outcome_id };
}

interface Persons {
  readonly user_id?: string;
  readonly anonymous_id?: string;
  readonly session_id?: string;
}

function identitiesOf(ids: Persons, options: StoreRowsOptions) {
  const identity = (kind: Identity["kind"], id: string | undefined) =>
    id === undefined
      ? null
      : { kind, externalId: id, pseudonym: options.pseudonym(kind, id) };
  const session = identity("session", ids.session_id);
  const person =
    identity("user", ids.user_id) ?? identity("anonymous", ids.anonymous_id);
  return {
    subject: person ?? session,
    session: person === null ? null : session,
  };
}

function toNewExposure(
  row: number,
  input: ExposureInput,
  options: StoreRowsOptions,
): NewExposure {
  return {
    row,
    requestId: input.request_id,
    itemIds: input.item_ids,
    subject: identitiesOf(input, options).subject,
    ts: unixMs(input.ts),
    exposureId: input.exposure_id ?? null,
  };
}

function unixMs(ts: string | undefined): number | null {
  return ts === undefined ? null : Date.parse(ts);
}

function toNewEvent(
  row: number,
  input: EventInput,
  options: StoreRowsOptions,
): NewEvent {
  return {
    row,
    ...identitiesOf(input, options),
    type: input.type,
    itemId: input.item_id,
    eventId: input.event_id ?? null,
    ts: unixMs(input.ts),
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
