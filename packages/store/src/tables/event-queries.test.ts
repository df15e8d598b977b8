import { HOUR_MS } from "@recsys/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  batchOf,
  MONDAY_NOON,
  sessionIdentity,
  userIdentity,
} from "../../test/support/new-events.ts";
import {
  openTestStore,
  type TestStore,
} from "../../test/support/open-test-store.ts";
import { eventDays, readEvents } from "./event-days.ts";
import { deleteEvents, listEvents, type EventFilter } from "./event-queries.ts";
import { appendEvents, type NewEvent } from "./events.ts";
import { listOutcomes } from "./outcomes.ts";
import { findPerson } from "./people.ts";

const REQUEST = "01930000-0000-7000-8000-000000000001";

describe("reading and deleting events", () => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore();
  });
  afterAll(() => test.close());

  const append = (namespace: string, ...rows: readonly Partial<NewEvent>[]) =>
    test.inAcme((tx) => appendEvents(tx, namespace, batchOf(...rows)));
  const items = async (namespace: string, filter: EventFilter) => {
    const page = await test.inAcme((tx) =>
      listEvents(tx, namespace, { filter, limit: 100 }),
    );
    return page.rows.map((row) => row.itemId);
  };

  it("lists by every filter, newest first, page by page", async () => {
    await append(
      "lists",
      { itemId: "a", ts: MONDAY_NOON },
      { itemId: "b", ts: MONDAY_NOON + HOUR_MS, type: "purchase" },
      { itemId: "c", ts: MONDAY_NOON, session: sessionIdentity("s1") },
      { itemId: "d", ts: MONDAY_NOON - 1, subject: sessionIdentity("s1") },
    );
    const keyOf = async (pseudonym: string) => {
      const person = await test.inAcme((tx) =>
        findPerson(tx, "lists", pseudonym),
      );
      return person?.userKey ?? "";
    };
    expect(await items("lists", { userKey: await keyOf("pu-u1") })).toEqual([
      "b",
      "c",
      "a",
    ]);
    expect(await items("lists", { sessionKey: await keyOf("ps-s1") })).toEqual([
      "c",
      "d",
    ]);
    expect(await items("lists", { type: "purchase" })).toEqual(["b"]);
    expect(await items("lists", { itemId: "a" })).toEqual(["a"]);
    expect(
      await items("lists", { from: MONDAY_NOON, to: MONDAY_NOON + HOUR_MS }),
    ).toEqual(["c", "a"]);
    const first = await test.inAcme((tx) =>
      listEvents(tx, "lists", { filter: {}, limit: 2 }),
    );
    const cursor = first.next ?? "";
    const rest = await test.inAcme((tx) =>
      listEvents(tx, "lists", { filter: {}, limit: 2, cursor }),
    );
    expect([...first.rows, ...rest.rows].map((row) => row.itemId)).toEqual([
      "b",
      "c",
      "a",
      "d",
    ]);
    expect(rest.next).toBeNull();
  });

  it("streams a day in order of time, whole, in batches", async () => {
    const dayStart = Date.UTC(2026, 2, 2);
    await append(
      "days",
      { itemId: "yesterday", ts: dayStart - 1 },
      { itemId: "3", ts: dayStart + 24 * HOUR_MS - 1 },
      { itemId: "1", ts: dayStart },
      { itemId: "2", ts: dayStart + 5, subject: sessionIdentity("s") },
      { itemId: "tomorrow", ts: dayStart + 24 * HOUR_MS },
    );
    const batches = await test.inAcme(async (tx) => {
      const read: (readonly string[])[] = [];
      const wanted = { day: "2026-03-02", batchRows: 2 };
      for await (const columns of readEvents(tx, "days", wanted)) {
        read.push(columns.itemId);
        expect(columns.ts).toHaveLength(columns.itemId.length);
      }
      return read;
    });
    expect(batches).toEqual([["1", "2"], ["3"]]);
    const days = await test.inAcme((tx) => eventDays(tx, "days"));
    expect(days.map(({ day, rows }) => [day, rows])).toEqual([
      ["2026-03-01", 1],
      ["2026-03-02", 3],
      ["2026-03-03", 1],
    ]);
  });

  it("changes the fingerprint of a day when rows come or go", async () => {
    const fingerprint = async () => {
      const days = await test.inAcme((tx) => eventDays(tx, "prints"));
      return days[0]?.fingerprint;
    };
    await append("prints", { itemId: "a" }, { itemId: "b" });
    const first = await fingerprint();
    await append("prints", { itemId: "c" });
    const second = await fingerprint();
    await test.inAcme((tx) => deleteEvents(tx, "prints", { itemId: "a" }));
    const third = await fingerprint();
    expect(new Set([first, second, third]).size).toBe(3);
    expect(await fingerprint()).toBe(third);
  });

  it("deletes by filter with the outcomes of those events, and never everything by mistake", async () => {
    await append(
      "deletes",
      { itemId: "a", requestId: REQUEST },
      { itemId: "b", requestId: REQUEST },
      { itemId: "b" },
    );
    const deleted = await test.inAcme((tx) =>
      deleteEvents(tx, "deletes", { itemId: "b" }),
    );
    expect(deleted).toBe(2);
    expect(await items("deletes", {})).toEqual(["a"]);
    const outcomes = await test.inAcme((tx) =>
      listOutcomes(tx, "deletes", { filter: {}, limit: 10 }),
    );
    expect(outcomes.rows.map((row) => row.itemId)).toEqual(["a"]);
    await expect(
      test.inAcme((tx) => deleteEvents(tx, "deletes", {})),
    ).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  });

  it("reads two days in one transaction, also when the first was left early", async () => {
    await append("early", { ts: MONDAY_NOON }, { ts: MONDAY_NOON + 1 });
    const read = await test.inAcme(async (tx) => {
      const wanted = { day: "2026-03-02", batchRows: 1 };
      const counts: number[] = [];
      for await (const columns of readEvents(tx, "early", wanted)) {
        counts.push(columns.seq.length);
        break;
      }
      for await (const columns of readEvents(tx, "early", wanted)) {
        counts.push(columns.seq.length);
      }
      return counts;
    });
    expect(read).toEqual([1, 1, 1]);
  });

  it("finds a person's events by their index, before any statistics are there", async () => {
    await append(
      "plan",
      ...Array.from({ length: 3000 }, (_, i) => ({
        subject: userIdentity(`u${i}`),
        ts: Date.UTC(2026, i % 3, 10),
      })),
    );
    const person = await test.inAcme((tx) => findPerson(tx, "plan", "pu-u7"));
    const plan = await test.store.withClient("acme", (client) =>
      client.query<Record<"QUERY PLAN", string>>(
        `explain select type, ts from events where user_key = '${person?.userKey ?? ""}'
          order by ts desc, seq desc limit 50`,
      ),
    );
    const text = plan.rows.map((row) => row["QUERY PLAN"]).join("\n");
    for (const month of ["202601", "202602", "202603"]) {
      expect(text).toMatch(new RegExp(`events_${month}_user_key`));
    }
  });
});
