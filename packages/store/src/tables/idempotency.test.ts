import { HOUR_MS } from "@recsys/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  openTestStore,
  type TestStore,
} from "../../test/support/open-test-store.ts";
import {
  claimAnswer,
  dropClaim,
  rememberAnswer,
  renewClaim,
} from "./idempotency.ts";

const REQUEST = { route: "POST /v1/uploads", key: "k1", bodyHash: "h1" };
const ANSWER = { status: 201, body: { upload: 1 } };

describe("keyed requests", () => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore();
  });
  afterAll(() => test.close());

  const claim = (holder: string, request = REQUEST, tenant = "acme") =>
    test.store.inTenant(tenant, (tx) => claimAnswer(tx, request, holder));
  const remember = (holder: string, request = REQUEST) =>
    test.inAcme((tx) => rememberAnswer(tx, request, { ...ANSWER, holder }));

  it("are worked on by one process, and answered alike for 24 hours, each tenant its own", async () => {
    const holders = ["a", "b", "c"];
    const claims = await Promise.all(holders.map((holder) => claim(holder)));
    const kinds = claims.map(({ kind }) => kind);
    expect([...kinds].sort()).toEqual(["mine", "under-way", "under-way"]);
    await remember(holders[kinds.indexOf("mine")] ?? "");
    expect(await claim("b")).toEqual({ kind: "answered", answer: ANSWER });
    expect(await claim("b", REQUEST, "bolt")).toEqual({ kind: "mine" });
    await test.shiftClock(25 * HOUR_MS);
    expect(await claim("b")).toEqual({ kind: "mine" });
    await test.shiftClock(0);
  });

  it("refuse a key that was used for another body, answered or not", async () => {
    const request = { ...REQUEST, key: "k2" };
    const other = { ...request, bodyHash: "h2" };
    await claim("a", request);
    const refusal = { code: "IDEMPOTENCY_CONFLICT" };
    await expect(claim("b", other)).rejects.toMatchObject(refusal);
    await remember("a", request);
    await expect(claim("b", other)).rejects.toMatchObject(refusal);
  });

  it("are taken up anew when their work failed, and a minute after their process died", async () => {
    const request = { ...REQUEST, key: "k3" };
    await claim("a", request);
    await test.inAcme((tx) => dropClaim(tx, request, "b"));
    expect(await claim("b", request)).toEqual({ kind: "under-way" });
    await test.inAcme((tx) => dropClaim(tx, request, "a"));
    expect(await claim("b", request)).toEqual({ kind: "mine" });
    await test.shiftClock(59_000);
    expect(await claim("c", request)).toEqual({ kind: "under-way" });
    await test.shiftClock(61_000);
    expect(await claim("c", request)).toEqual({ kind: "mine" });
    await test.shiftClock(0);
  });

  it("stay with a process that renews its claim, however long it works", async () => {
    const request = { ...REQUEST, key: "k5" };
    const renew = (holder: string) =>
      test.inAcme((tx) => renewClaim(tx, request, holder));
    await claim("a", request);
    await test.shiftClock(50_000);
    expect([await renew("b"), await renew("a")]).toEqual([false, true]);
    await test.shiftClock(100_000);
    expect(await claim("b", request)).toEqual({ kind: "under-way" });
    expect(await remember("a", request)).toBe(true);
    expect(await renew("a")).toBe(false);
    expect(await claim("b", request)).toMatchObject({ kind: "answered" });
    await test.shiftClock(0);
  });

  it("keep the answer of the process that has the claim, not of the one that lost it", async () => {
    const request = { ...REQUEST, key: "k6" };
    await claim("a", request);
    await test.shiftClock(61_000);
    expect(await claim("b", request)).toEqual({ kind: "mine" });
    expect(await remember("a", request)).toBe(false);
    expect(await claim("c", request)).toEqual({ kind: "under-way" });
    expect(await remember("b", request)).toBe(true);
    expect(await remember("a", request)).toBe(false);
    await test.shiftClock(0);
  });

  it("are given again to the process that could not say that it failed", async () => {
    const request = { ...REQUEST, key: "k4" };
    await claim("a", request);
    expect(await claim("a", request)).toEqual({ kind: "mine" });
  });
});
