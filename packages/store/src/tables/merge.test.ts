import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  anonymousIdentity,
  batchOf,
  userIdentity,
} from "../../test/support/new-events.ts";
import {
  openTestStore,
  type TestStore,
} from "../../test/support/open-test-store.ts";
import { eventDays } from "./event-days.ts";
import { appendEvents } from "./events.ts";
import { appendExposures, listExposures } from "./exposures.ts";
import { mergePeople } from "./merge.ts";
import { listOutcomes } from "./outcomes.ts";
import { findPerson } from "./people.ts";
import { loadUserStates } from "./user-state.ts";

const REQUEST = "01930000-0000-7000-8000-000000000001";

describe("merging a visitor into a user", () => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore();
  });
  afterAll(() => test.close());

  const VISITOR = anonymousIdentity("v");
  const USER = userIdentity("u");
  const merge = (namespace: string, user = USER) =>
    test.inAcme((tx) =>
      mergePeople(tx, namespace, { anonymous: VISITOR, user }),
    );
  const act = (namespace: string, subject: typeof USER, itemId: string) =>
    test.inAcme(async (tx) => {
      await appendEvents(
        tx,
        namespace,
        batchOf({ subject, itemId, requestId: REQUEST }),
      );
    });
  const see = (namespace: string, subject: typeof USER, itemId: string) =>
    test.inAcme((tx) =>
      appendExposures(tx, namespace, [
        { row: 0, requestId: REQUEST, itemIds: [itemId], subject },
      ]),
    );
  const state = (namespace: string, pseudonym: string) =>
    test.inAcme(async (tx) => {
      const wanted = { pseudonyms: [pseudonym], limit: 9 };
      const states = await loadUserStates(tx, namespace, wanted);
      const person = await findPerson(tx, namespace, pseudonym);
      return { state: states.get(pseudonym), userKey: person?.userKey };
    });

  it("keeps history and the older bucket, here the visitor's, for both names", async () => {
    await act("older", VISITOR, "seen-before-login");
    await see("older", VISITOR, "a");
    const visitor = await state("older", "pa-v");
    await act("older", USER, "bought");
    await see("older", USER, "b");
    const user = await state("older", "pu-u");
    const result = await merge("older");
    expect(result).toEqual({
      merged: true,
      userKey: user.userKey,
      bucketKey: visitor.state?.bucket_key,
      eventsMoved: 1,
      exposuresContaminated: 1,
    });
    const after = await state("older", "pu-u");
    expect(after.state?.events.map((event) => event.item_id).sort()).toEqual([
      "bought",
      "seen-before-login",
    ]);
    expect(after.state?.bucket_key).toBe(visitor.state?.bucket_key);
    expect((await state("older", "pa-v")).state).toEqual(after.state);
    const exposures = await test.inAcme((tx) =>
      listExposures(tx, "older", { filter: {}, limit: 9 }),
    );
    expect(
      exposures.rows.map((row) => [row.itemId, row.userKey, row.contaminated]),
    ).toEqual([
      ["a", user.userKey, false],
      ["b", user.userKey, true],
    ]);
    const outcomes = await test.inAcme((tx) =>
      listOutcomes(tx, "older", { filter: {}, limit: 9 }),
    );
    expect(new Set(outcomes.rows.map((row) => row.userKey))).toEqual(
      new Set([user.userKey]),
    );
  });

  it("keeps the user's bucket when that is the older", async () => {
    await act("newer", USER, "a");
    await act("newer", VISITOR, "b");
    await see("newer", VISITOR, "b");
    const user = await state("newer", "pu-u");
    const result = await merge("newer");
    expect(result.bucketKey).toBe(user.state?.bucket_key);
    expect(result.exposuresContaminated).toBe(1);
  });

  it("changes nothing the second time", async () => {
    await act("twice", VISITOR, "a");
    const first = await merge("twice");
    const days = await test.inAcme((tx) => eventDays(tx, "twice"));
    const second = await merge("twice");
    expect(second).toEqual({
      ...first,
      merged: false,
      eventsMoved: 0,
      exposuresContaminated: 0,
    });
    expect(await test.inAcme((tx) => eventDays(tx, "twice"))).toEqual(days);
  });

  it("changes the fingerprint of the days whose events moved", async () => {
    await act("prints", VISITOR, "a");
    const before = await test.inAcme((tx) => eventDays(tx, "prints"));
    await merge("prints");
    const after = await test.inAcme((tx) => eventDays(tx, "prints"));
    expect(after[0]?.rows).toBe(before[0]?.rows);
    expect(after[0]?.fingerprint).not.toBe(before[0]?.fingerprint);
  });

  it("refuses a second user for one visitor", async () => {
    await act("second", VISITOR, "a");
    await merge("second");
    await expect(merge("second", userIdentity("w"))).rejects.toMatchObject({
      code: "ALREADY_EXISTS",
    });
  });

  it("misses no event that is written at the same time", async () => {
    await act("race", VISITOR, "first");
    const writes = Array.from({ length: 20 }, (_, i) =>
      act("race", i % 2 === 0 ? VISITOR : USER, `w${i}`),
    );
    await Promise.all([...writes, merge("race"), merge("race")]);
    const after = await state("race", "pu-u");
    const all = await test.asOwner<{ keys: number; rows: number }>(
      `select count(distinct user_key)::integer as keys, count(*)::integer as rows
         from events where namespace = 'race'`,
    );
    expect(all).toEqual([{ keys: 1, rows: 21 }]);
    expect(after.state?.events).toHaveLength(9);
  });
});
