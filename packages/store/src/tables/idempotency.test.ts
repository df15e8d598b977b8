import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  openTestStore,
  type TestStore,
} from "../../test/support/open-test-store.ts";
import { findAnswer, rememberAnswer } from "./idempotency.ts";

const REQUEST = { route: "POST /v1/uploads", key: "k1", bodyHash: "h1" };

describe("keyed requests", () => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore();
  });
  afterAll(() => test.close());

  it("get the same answer at once and as long as 24 hours, each tenant its own", async () => {
    const work: number[] = [];
    const answer = (tenant: string) =>
      test.store.inTenant(tenant, async (tx) => {
        const known = await findAnswer(tx, REQUEST);
        if (known !== null) return known.body;
        work.push(1);
        const body = { upload: work.length };
        await rememberAnswer(tx, REQUEST, { status: 201, body });
        return body;
      });
    const answers = await Promise.all([
      answer("acme"),
      answer("acme"),
      answer("acme"),
    ]);
    expect(answers).toEqual([{ upload: 1 }, { upload: 1 }, { upload: 1 }]);
    expect(await answer("bolt")).toEqual({ upload: 2 });
    await test.shiftClock(25 * 3_600_000);
    expect(await answer("acme")).toEqual({ upload: 3 });
    await test.shiftClock(0);
  });

  it("refuse a key that was used for another body", async () => {
    const request = { ...REQUEST, key: "k2" };
    await test.inAcme((tx) =>
      rememberAnswer(tx, request, { status: 200, body: null }),
    );
    await expect(
      test.inAcme((tx) => findAnswer(tx, { ...request, bodyHash: "h2" })),
    ).rejects.toMatchObject({ code: "IDEMPOTENCY_CONFLICT" });
  });

  it("forget an answer whose work was rolled back", async () => {
    const request = { ...REQUEST, key: "k3" };
    const failing = test.inAcme(async (tx) => {
      await rememberAnswer(tx, request, { status: 200, body: null });
      throw new Error("killed");
    });
    await expect(failing).rejects.toThrow("killed");
    expect(await test.inAcme((tx) => findAnswer(tx, request))).toBeNull();
  });
});
