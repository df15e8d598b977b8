import { randomBytes } from "node:crypto";
import pg from "pg";
import type { ChangeProposal } from "@recsys/contracts";
import { testDatabase } from "../../../tests/support/database.ts";
import { type Store, openStore } from "../src/database/store.ts";
import { pointer, proposeChange } from "../src/tables/changes.ts";
import { createTenant } from "../src/tables/tenants.ts";

/** A store on a fresh database, with what tests of the door need around it. */
export interface TestStore {
  readonly store: Store;
  readonly appUrl: string;
  readonly ownerUrl: string;
  /** Logged in as the owner of the schema. */
  readonly owner: pg.Client;
  newTenant(): Promise<TestTenant>;
  /** Puts a policy that asks for reviewers on the pointer `rules`, as a later release will. */
  requireApprovals(required: number): Promise<void>;
  bindAuto(): Promise<void>;
  close(): Promise<void>;
}

export async function openTestStore(): Promise<TestStore> {
  const database = await testDatabase();
  const store = openStore({ appUrl: database.appUrl });
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  return {
    store,
    appUrl: database.appUrl,
    ownerUrl: database.ownerUrl,
    owner,
    newTenant: () => newTenant(store),
    async requireApprovals(required) {
      await owner.query(`
        insert into policies values ('reviewed', 'test') on conflict do nothing;
        delete from policy_clauses;
        insert into policy_clauses values ('reviewed', 1, '{reviewer}', ${required}, true);
        update policy_bindings set policy = 'reviewed' where pointer = 'rules'`);
    },
    async bindAuto() {
      await owner.query("update policy_bindings set policy = 'auto'");
    },
    async close() {
      await store.close();
      await owner.end();
      await database.drop();
    },
  };
}

export type TestTenant = Awaited<ReturnType<typeof newTenant>>;

async function newTenant(store: Store) {
  const id = `t${randomBytes(4).toString("hex")}`;
  await store.tenantless((db) =>
    createTenant(db, { tenantId: id, name: "Test", servingMode: "db" }),
  );
  return {
    id,
    propose: (facts: Partial<ChangeProposal> = {}) =>
      store.inTenant(id, (tx) => proposeChange(tx, proposal(id, facts))),
    live: () => store.inTenant(id, (tx) => pointer(tx, "default", "rules")),
    /** Runs SQL as the application; returns the SQLSTATE of the refusal, or the row count. */
    async attempt(text: string, values: unknown[] = []) {
      try {
        const result = await store.withClient(id, (client) =>
          client.query(text, values),
        );
        return result.rowCount;
      } catch (error) {
        return error instanceof pg.DatabaseError ? error.code : error;
      }
    },
  };
}

function proposal(
  tenant: string,
  facts: Partial<ChangeProposal>,
): ChangeProposal {
  return {
    tenant,
    namespace: "default",
    pointer: "rules",
    content: { rules: [] },
    baseVersion: null,
    author: "ann",
    authorKind: "human",
    reason: "test",
    ...facts,
  };
}
