import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type TestStore,
  type TestTenant,
  openTestStore,
} from "../../test/test-store.ts";
import { listAudit } from "./audit.ts";
import { listPointers, versionContent, versionHistory } from "./changes.ts";
import { currentRevision } from "./revisions.ts";

let test: TestStore;
let tenant: TestTenant;

beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  tenant = await test.newTenant();
});

describe("proposeChange", () => {
  it("moves the pointer and writes version, audit and revision together", async () => {
    const { changeId, pointer: state } = await tenant.propose();
    expect(state).toMatchObject({ pointer: "rules", version: 1, changeId });
    const [entry] = await test.store.inTenant(tenant.id, (tx) =>
      listAudit(tx, { limit: 5 }),
    );
    expect(entry).toMatchObject({
      seq: 1,
      actor: "ann",
      action: "change.apply",
      subject: "default/rules",
      beforeHash: null,
      afterHash: state.hash,
    });
    const revision = await test.store.tenantless((db) =>
      currentRevision(db, tenant.id),
    );
    expect(revision?.n).toBe(1);
  });

  it("keeps every version with its content", async () => {
    await tenant.propose({ content: { rules: [1] } });
    await tenant.propose({ content: { rules: [2] }, baseVersion: 1 });
    const [history, first] = await test.store.inTenant(
      tenant.id,
      async (tx) => [
        await versionHistory(tx, { namespace: "default", pointer: "rules" }, 9),
        await versionContent(tx, { namespace: "default", pointer: "rules" }, 1),
      ],
    );
    expect(history.map((entry) => entry.version)).toEqual([2, 1]);
    expect(first?.content).toEqual({ rules: [1] });
  });

  it("goes back by making an old content a new version of the same hash", async () => {
    const first = await tenant.propose({ content: { rules: [1] } });
    await tenant.propose({ content: { rules: [2] }, baseVersion: 1 });
    const back = await tenant.propose({
      content: { rules: [1] },
      baseVersion: 2,
    });
    expect(back.pointer).toMatchObject({
      version: 3,
      hash: first.pointer.hash,
    });
  });

  it("is a conflict when another version is live, and changes nothing", async () => {
    await tenant.propose();
    await expect(
      tenant.propose({ content: { rules: [9] } }),
    ).rejects.toMatchObject({
      code: "VERSION_CONFLICT",
    });
    expect((await tenant.live())?.version).toBe(1);
  });

  it("lets one of eight win that start from the same version", async () => {
    await tenant.propose();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) =>
        tenant.propose({ content: { rules: [i] }, baseVersion: 1 }),
      ),
    );
    expect(outcomes.filter((o) => o.status === "fulfilled")).toHaveLength(1);
    expect((await tenant.live())?.version).toBe(2);
  });

  it("lets one of eight make the first version", async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => tenant.propose({ content: [i] })),
    );
    expect(outcomes.filter((o) => o.status === "fulfilled")).toHaveLength(1);
  });

  it("refuses a proposal for another tenant than the transaction's", async () => {
    const other = await test.newTenant();
    await expect(tenant.propose({ tenant: other.id })).rejects.toMatchObject({
      code: "TENANT_MISMATCH",
    });
  });

  it("lists the pointers of the tenant only", async () => {
    await tenant.propose();
    const other = await test.newTenant();
    const found = await test.store.inTenant(other.id, listPointers);
    expect(found).toEqual([]);
  });
});
