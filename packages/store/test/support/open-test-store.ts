import pg from "pg";
import { testDatabase } from "../../../../tests/support/database.ts";
import { openStore, type Store, type TenantTx } from "../../src/index.ts";
import { newTenant, type TestTenant } from "./test-tenant.ts";

/** A store on a fresh database, with what tests need around it. */
export interface TestStore {
  readonly store: Store;
  readonly appUrl: string;
  readonly ownerUrl: string;
  /** Logged in as the owner of the schema. */
  readonly owner: pg.Client;
  /** A tenant of its own. */
  newTenant(): Promise<TestTenant>;
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

export async function openTestStore(): Promise<TestStore> {
  const database = await testDatabase();
  const store = openStore({ appUrl: database.appUrl, max: 6 });
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  return {
    store,
    appUrl: database.appUrl,
    ownerUrl: database.ownerUrl,
    owner,
    newTenant: () => newTenant(store),
    inAcme: (work) => store.inTenant("acme", work),
    asOwner: async <Row extends pg.QueryResultRow>(
      text: string,
      values: readonly unknown[] = [],
    ) => {
      const { rows } = await owner.query<Row>(text, [...values]);
      return rows;
    },
    shiftClock: (byMs) => database.shiftClock(byMs),
    close: async () => {
      await store.close();
      await owner.end();
      await database.drop();
    },
  };
}
