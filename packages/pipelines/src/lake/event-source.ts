import { DAY_MS } from "@recsys/contracts";
import {
  eventDays,
  listEvents,
  type Store,
  type StoredEvent,
} from "@recsys/store";
import type { RowBatch } from "./lake-day.ts";
import { EVENTS, type LakeTable } from "./lake-table.ts";
import type { DaySource } from "./sync-table.ts";

export interface SourceAddress {
  readonly store: Store;
  readonly tenant: string;
  readonly namespace: string;
}

const PAGE_ROWS = 10_000;

/** The store's events by day; a merge, a deletion or a late row changes the fingerprint of its day. */
export function eventSource(address: SourceAddress): DaySource {
  const { store, tenant, namespace } = address;
  return {
    days: () => store.inTenant(tenant, (tx) => eventDays(tx, namespace)),
    readDay: (day) => readDay(address, day),
  };
}

async function* readDay(
  { store, tenant, namespace }: SourceAddress,
  day: string,
): AsyncGenerator<RowBatch> {
  const from = Date.parse(`${day}T00:00:00Z`);
  const filter = { from, to: from + DAY_MS };
  let cursor: string | null = null;
  do {
    const after: { readonly cursor?: string } =
      cursor === null ? {} : { cursor };
    const page = await store.inTenant(tenant, (tx) =>
      listEvents(tx, namespace, { filter, limit: PAGE_ROWS, ...after }),
    );
    yield toBatch(EVENTS, page.rows, EVENT_VALUES);
    cursor = page.next;
  } while (cursor !== null);
}

type Value = string | number | bigint | null;
export type ColumnValues<Row> = Readonly<Record<string, (row: Row) => Value>>;

const EVENT_VALUES: ColumnValues<StoredEvent> = {
  ts: (row) => BigInt(Math.round(row.ts)),
  user_key: (row) => row.userKey,
  // Anonymous visitors and users are people alike; a guest is known for one session only.
  person: (row) => (row.guest ? "session" : "user"),
  type: (row) => row.type,
  item_id: (row) => row.itemId,
  value: (row) => row.value,
  quantity: (row) => row.quantity,
  price: (row) => row.price,
  order_id: (row) => row.orderId,
  request_id: (row) => row.requestId,
  surface: (row) => row.surface,
  country: ({ context }) => {
    const country = context?.["country"];
    return typeof country === "string" ? country : null;
  },
  event_id: (row) => row.eventId,
  seq: (row) => BigInt(row.seq),
};

/** Rows as one array per column of the table. */
export function toBatch<Row>(
  table: LakeTable,
  rows: readonly Row[],
  values: ColumnValues<Row>,
): RowBatch {
  return table.columns.map(({ name }) => {
    const read = values[name];
    if (read === undefined) throw new Error(`no value for column ${name}`);
    return rows.map(read);
  });
}
