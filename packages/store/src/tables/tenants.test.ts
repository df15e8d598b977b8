import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  openTestStore,
  type TestStore,
} from "../../test/support/open-test-store.ts";
import type { TestTenant } from "../../test/support/test-tenant.ts";
import { findKey, issueKey, listKeys, revokeKey } from "./api-keys.ts";
import {
  createTenant,
  findTenant,
  listTenants,
  setServingMode,
  setTimeOffsetDays,
} from "./tenants.ts";

let test: TestStore;
let tenant: TestTenant;

beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  tenant = await test.newTenant();
});

const outside: TestStore["store"]["tenantless"] = (work) =>
  test.store.tenantless(work);

describe("tenants", () => {
  it("get a secret of 32 bytes, each another", async () => {
    const other = await test.newTenant();
    const [a, b] = await outside(async (db) => [
      await findTenant(db, tenant.id),
      await findTenant(db, other.id),
    ]);
    expect(a?.secret).toHaveLength(32);
    expect(a?.secret.equals(b?.secret ?? Buffer.alloc(0))).toBe(false);
  });

  it("cannot be created twice", async () => {
    await expect(
      outside((db) =>
        createTenant(db, {
          tenantId: tenant.id,
          name: "Again",
          servingMode: "artifact",
        }),
      ),
    ).rejects.toMatchObject({ code: "ALREADY_EXISTS" });
  });

  it("keep a changed serving mode and time offset", async () => {
    await outside(async (db) => {
      await setServingMode(db, tenant.id, "artifact");
      await setTimeOffsetDays(db, tenant.id, 5411);
    });
    const all = await outside(listTenants);
    expect(all.find((t) => t.tenantId === tenant.id)).toMatchObject({
      servingMode: "artifact",
      timeOffsetDays: 5411,
    });
  });

  it("are null when nobody made them", async () => {
    expect(await outside((db) => findTenant(db, "nobody"))).toBeNull();
  });
});

describe("API keys", () => {
  const issue = (digest: string, expiresAt: number | null = null) =>
    outside((db) =>
      issueKey(db, {
        tenant: tenant.id,
        role: "operator",
        name: "ci",
        digest: Buffer.from(digest),
        expiresAt,
      }),
    );
  const find = (digest: string) =>
    outside((db) => findKey(db, Buffer.from(digest)));

  it("are found by digest", async () => {
    const { keyId } = await issue("one");
    expect(await find("one")).toMatchObject({
      keyId,
      tenant: tenant.id,
      role: "operator",
    });
    expect(await find("two")).toBeNull();
  });

  it("are not found once revoked, but stay listed", async () => {
    const { keyId } = await issue("three");
    expect(await outside((db) => revokeKey(db, tenant.id, keyId))).toBe(true);
    expect(await find("three")).toBeNull();
    const listed = await outside((db) => listKeys(db, tenant.id));
    expect(listed).toHaveLength(1);
    expect(listed[0]?.revokedAt).not.toBeNull();
    expect(await outside((db) => revokeKey(db, tenant.id, keyId))).toBe(false);
  });

  it("are not found after they expired", async () => {
    await issue("four", 1);
    await issue("five", Date.UTC(2999, 0));
    expect(await find("four")).toBeNull();
    expect(await find("five")).not.toBeNull();
  });

  it("are not revoked by another tenant", async () => {
    const { keyId } = await issue("six");
    const other = await test.newTenant();
    expect(await outside((db) => revokeKey(db, other.id, keyId))).toBe(false);
  });
});
