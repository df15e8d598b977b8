import { randomBytes } from "node:crypto";
import pg from "pg";
import type { ChangeProposal } from "@recsys/contracts";
import {
  createTenant,
  pointer,
  proposeChange,
  type Store,
} from "../../src/index.ts";

export type TestTenant = Awaited<ReturnType<typeof newTenant>>;

/** A tenant with a random name; `propose` and `live` are about its rules. */
export async function newTenant(store: Store) {
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
