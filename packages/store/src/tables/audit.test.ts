import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  openTestStore,
  type TestStore,
} from "../../test/support/open-test-store.ts";
import type { TestTenant } from "../../test/support/test-tenant.ts";
import { verifyAudit } from "./audit.ts";

let test: TestStore;
let tenant: TestTenant;

beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  tenant = await test.newTenant();
});

describe("verifyAudit", () => {
  beforeEach(async () => {
    await tenant.propose({ content: 1 });
    await tenant.propose({ content: 2, baseVersion: 1 });
    await tenant.propose({ content: 3, baseVersion: 2 });
  });

  it("finds a whole chain whole", async () => {
    expect(await verifyAudit(test.store, tenant.id)).toEqual({
      ok: true,
      checked: 3,
    });
  });

  it.each([
    ["an edited entry", "update audit_log set actor = 'bob' where seq = 2", 2],
    ["a deleted entry", "delete from audit_log where seq = 2", 3],
    ["a lost tail", "delete from audit_log where seq = 3", 3],
    [
      "two entries that changed places",
      "update audit_log set seq = case seq when 1 then -2 when 2 then -1 end where seq < 3; update audit_log set seq = -seq where seq < 0",
      1,
    ],
  ])("finds %s", async (_, damage, firstBroken) => {
    await test.owner.query(
      damage.replaceAll(
        /where seq/g,
        `where tenant_id = '${tenant.id}' and seq`,
      ),
    );
    expect(await verifyAudit(test.store, tenant.id)).toMatchObject({
      ok: false,
      firstBroken,
    });
  });

  it("stays one chain with eight writers at once", async () => {
    await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        tenant.propose({ namespace: `n${i}`, content: i }),
      ),
    );
    expect(await verifyAudit(test.store, tenant.id)).toEqual({
      ok: true,
      checked: 11,
    });
  });
});
