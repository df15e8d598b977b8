import { MINUTE_MS } from "@recsys/contracts";
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
} from "vitest";
import {
  openTestStore,
  type TestStore,
} from "../../test/support/open-test-store.ts";
import type { TestTenant } from "../../test/support/test-tenant.ts";
import {
  type ClaimedObligation,
  cancelObligation,
  claimDue,
  completeObligation,
  failObligation,
  listObligations,
  renewLease,
  scheduleObligation,
} from "./obligations.ts";

const NOON = Date.UTC(2026, 0, 1, 12);

let test: TestStore;
let tenant: TestTenant;

beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  tenant = await test.newTenant();
  await clockAt(NOON);
});
afterEach(async () => {
  await test.owner.query("delete from obligations_due");
});

/** Replaces the clock of the database, which only its owner may do. */
async function clockAt(ms: number): Promise<void> {
  await test.owner.query(
    `create or replace function recsys.now() returns timestamptz language sql
       as $$ select to_timestamp(${ms / 1000}) $$`,
  );
}

function schedule(subject: string, dueAt: number, payload: unknown = {}) {
  return test.store.inTenant(tenant.id, (tx) =>
    scheduleObligation(tx, { kind: "job", subject, dueAt, payload }),
  );
}

function claim(worker = "w1", limit = 10) {
  return claimDue(test.store, { worker, limit, leaseSeconds: 60 });
}

function complete(claimed: ClaimedObligation | undefined) {
  if (claimed === undefined) throw new Error("nothing was claimed");
  return test.store.inTenant(tenant.id, (tx) =>
    completeObligation(tx, claimed),
  );
}

const subjects = (claimed: readonly ClaimedObligation[]) =>
  claimed.map((c) => c.subject);

describe("obligations", () => {
  it("are claimed when due and not before, oldest first", async () => {
    await schedule("later", NOON + MINUTE_MS);
    await schedule("second", NOON - MINUTE_MS);
    await schedule("first", NOON - 2 * MINUTE_MS, { n: 1 });
    const claimed = await claim();
    expect(subjects(claimed)).toEqual(["first", "second"]);
    expect(claimed[0]).toMatchObject({
      tenant: tenant.id,
      payload: { n: 1 },
      attempt: 1,
      dueAt: NOON - 2 * MINUTE_MS,
    });
  });

  it("go to one worker only when eight ask at once", async () => {
    for (let i = 0; i < 20; i++) await schedule(`s${i}`, NOON - i);
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, i) => claim(`w${i}`, 5)),
    );
    const got = claims.flat().map((c) => c.subject);
    expect(new Set(got).size).toBe(got.length);
    expect(got).toHaveLength(20);
  });

  it("are claimed across tenants", async () => {
    await schedule("mine", NOON);
    const other = await test.newTenant();
    await test.store.inTenant(other.id, (tx) =>
      scheduleObligation(tx, {
        kind: "job",
        subject: "theirs",
        dueAt: NOON,
        payload: {},
      }),
    );
    expect(subjects(await claim()).sort()).toEqual(["mine", "theirs"]);
  });

  it("are claimed by kind if asked", async () => {
    await schedule("a", NOON);
    const options = { worker: "w", limit: 9, leaseSeconds: 60 };
    expect(
      await claimDue(test.store, { ...options, kinds: ["other"] }),
    ).toEqual([]);
    expect(
      await claimDue(test.store, { ...options, kinds: ["job"] }),
    ).toHaveLength(1);
  });

  it("come back when the worker's lease has run out, and then not to it", async () => {
    await schedule("a", NOON);
    const [lost] = await claim("w1");
    expect(await claim("w2")).toEqual([]);
    await clockAt(NOON + 61_000);
    const [found] = await claim("w2");
    expect(found?.attempt).toBe(2);
    expect(await complete(lost)).toBe(false);
    expect(await complete(found)).toBe(true);
  });

  it("stay with a worker that renews its lease", async () => {
    await schedule("a", NOON);
    const [held] = await claim("w1");
    if (held === undefined) throw new Error("nothing was claimed");
    await clockAt(NOON + 50_000);
    expect(
      await test.store.inTenant(tenant.id, (tx) => renewLease(tx, held, 60)),
    ).toBe(true);
    await clockAt(NOON + 70_000);
    expect(await claim("w2")).toEqual([]);
  });

  it("are never due again once done", async () => {
    await schedule("a", NOON);
    expect(await complete((await claim())[0])).toBe(true);
    await clockAt(NOON + 1_000 * MINUTE_MS);
    expect(await claim()).toEqual([]);
    const [state] = await test.store.inTenant(tenant.id, (tx) =>
      listObligations(tx),
    );
    expect(state).toMatchObject({ subject: "a", state: "done", attempt: 1 });
  });

  it("are tried again at the time that a failure names", async () => {
    await schedule("a", NOON);
    const [failed] = await claim();
    if (failed === undefined) throw new Error("nothing was claimed");
    await test.store.inTenant(tenant.id, (tx) =>
      failObligation(tx, failed, { retryAt: NOON + MINUTE_MS, error: "disk" }),
    );
    expect(await claim()).toEqual([]);
    await clockAt(NOON + MINUTE_MS);
    expect((await claim())[0]?.attempt).toBe(2);
    const [state] = await test.store.inTenant(tenant.id, (tx) =>
      listObligations(tx, "job"),
    );
    expect(state?.lastError).toBe("disk");
  });

  it("are one per kind and subject: scheduling again moves them", async () => {
    await schedule("a", NOON);
    await schedule("a", NOON + MINUTE_MS, { n: 2 });
    expect(await claim()).toEqual([]);
    await clockAt(NOON + MINUTE_MS);
    expect((await claim())[0]?.payload).toEqual({ n: 2 });
  });

  it("that were scheduled anew while held are not ended by the old holder", async () => {
    await schedule("a", NOON);
    const [held] = await claim();
    await schedule("a", NOON + MINUTE_MS);
    expect(await complete(held)).toBe(false);
    await clockAt(NOON + MINUTE_MS);
    expect(await claim()).toHaveLength(1);
  });

  it("are gone when cancelled", async () => {
    await schedule("a", NOON);
    await test.store.inTenant(tenant.id, (tx) =>
      cancelObligation(tx, "job", "a"),
    );
    expect(await claim()).toEqual([]);
  });

  it("are not scheduled when the transaction fails", async () => {
    await expect(
      test.store.inTenant(tenant.id, async (tx) => {
        await scheduleObligation(tx, {
          kind: "job",
          subject: "a",
          dueAt: NOON,
          payload: {},
        });
        throw new Error("rolled back");
      }),
    ).rejects.toThrow("rolled back");
    expect(await claim()).toEqual([]);
  });
});
