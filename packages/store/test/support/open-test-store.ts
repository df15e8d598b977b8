import pg from "pg";
import { testDatabase } from "../../../../tests/support/database.ts";
import {
  openStore,
  type Identity,
  type NewEvent,
  type Store,
  type TenantTx,
} from "../../src/index.ts";

export interface TestStore {
  readonly store: Store;
  readonly appUrl: string;
  readonly ownerUrl: string;
  /** One transaction of the tenant `acme`. */
  inAcme<T>(work: (tx: TenantTx) => Promise<T>): Promise<T>;
  /** Runs SQL as the owner, with the rows of all tenants in sight. */
  asOwner<Row extends pg.QueryResultRow>(
    text: string,
    values?: readonly unknown[],
  ): Promise<Row[]>;
  /** Moves recsys.now() of this database by so many milliseconds from the real time. */
  shiftClock(byMs: number): Promise<void>;
  close(): Promise<void>;
}

/** A store on a fresh database of its own. */
export async function openTestStore(): Promise<TestStore> {
  const database = await testDatabase();
  const store = openStore({ appUrl: database.appUrl, max: 6 });
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  return {
    store,
    appUrl: database.appUrl,
    ownerUrl: database.ownerUrl,
    inAcme: (work) => store.inTenant("acme", work),
    asOwner: async <Row extends pg.QueryResultRow>(
      text: string,
      values: readonly unknown[] = [],
    ) => {
      const { rows } = await owner.query<Row>(text, [...values]);
      return rows;
    },
    shiftClock: async (byMs) => {
      await owner.query(
        `create or replace function recsys.now() returns timestamptz
           language sql volatile parallel safe
           as $$ select pg_catalog.clock_timestamp() + interval '${byMs} milliseconds' $$`,
      );
    },
    close: async () => {
      await store.close();
      await owner.end();
      await database.drop();
    },
  };
}

export function userIdentity(id: string): Identity {
  return { kind: "user", pseudonym: `pu-${id}`, externalId: id };
}

export function anonymousIdentity(id: string): Identity {
  return { kind: "anonymous", pseudonym: `pa-${id}`, externalId: id };
}

export function sessionIdentity(id: string): Identity {
  return { kind: "session", pseudonym: `ps-${id}`, externalId: id };
}

/** 2026-03-02T12:00:00Z, a Monday: before the real clock of any test. */
export const MONDAY_NOON = Date.UTC(2026, 2, 2, 12);

/** A view of item `a` by user `u1` on Monday noon, unless said otherwise. */
function newEvent(fields: Partial<NewEvent> = {}): NewEvent {
  return {
    row: 0,
    subject: userIdentity("u1"),
    type: "view",
    itemId: "a",
    ts: MONDAY_NOON,
    ...fields,
  };
}

/** Events as one batch, rows numbered, late after a day. */
export function batchOf(...rows: readonly Partial<NewEvent>[]) {
  return {
    rows: rows.map((fields, row) => newEvent({ ...fields, row })),
    lateAfterMs: 86_400_000,
  };
}
