import { DAY_MS } from "@recsys/contracts";
import { sql } from "kysely";
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
import { listCanaryCounts } from "./canaries.ts";
import { listEvents } from "./event-queries.ts";
import { appendEvents, type NewEvent } from "./events.ts";
import { findPerson } from "./people.ts";
import { readUsersChanged, USERS_CHANNEL } from "./user-changes.ts";
import { loadUserStates } from "./user-state.ts";

describe("appending events", () => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore();
  });
  afterAll(() => test.close());

  const append = (namespace: string, ...rows: readonly Partial<NewEvent>[]) =>
    test.inAcme((tx) => appendEvents(tx, namespace, batchOf(...rows)));
  const statuses = async (
    namespace: string,
    ...rows: readonly Partial<NewEvent>[]
  ) => {
    const { results } = await append(namespace, ...rows);
    return results.map((result) => result.status);
  };
  const stored = async (namespace: string) => {
    const page = await test.inAcme((tx) =>
      listEvents(tx, namespace, { filter: {}, limit: 1000 }),
    );
    return page.rows;
  };

  it("keeps every field", async () => {
    await append("fields", {
      subject: userIdentity("ann"),
      session: sessionIdentity("s1"),
      eventId: "e1",
      type: "purchase",
      itemId: "mug",
      value: -1.5,
      quantity: 2,
      price: 4.25,
      currency: "EUR",
      orderId: "o1",
      ts: MONDAY_NOON + 123,
      requestId: "01930000-0000-7000-8000-000000000001",
      position: 3,
      surface: "home",
      context: { device: "phone", tags: ["a", 'b "c" {d}'] },
      client: "web/1",
    });
    const [ann, session] = await test.inAcme(async (tx) => [
      await findPerson(tx, "fields", "pu-ann"),
      await findPerson(tx, "fields", "ps-s1"),
    ]);
    expect(await stored("fields")).toMatchObject([
      {
        eventId: "e1",
        userKey: ann?.userKey,
        sessionKey: session?.userKey,
        guest: false,
        type: "purchase",
        itemId: "mug",
        value: -1.5,
        quantity: 2,
        price: 4.25,
        currency: "EUR",
        orderId: "o1",
        ts: MONDAY_NOON + 123,
        late: true,
        requestId: "01930000-0000-7000-8000-000000000001",
        position: 3,
        surface: "home",
        context: { device: "phone", tags: ["a", 'b "c" {d}'] },
        client: "web/1",
      },
    ]);
  });

  it("recognises duplicates of earlier batches and inside one", async () => {
    const once = { eventId: "e1" };
    const moved = { eventId: "e1", ts: MONDAY_NOON + 1 };
    const anonymous = { eventId: null };
    expect(await statuses("twice", once, moved, once)).toEqual([
      "accepted",
      "accepted",
      "duplicate",
    ]);
    const again = await append("twice", moved, anonymous, anonymous, once);
    expect(again.results.map((result) => result.status)).toEqual([
      "duplicate",
      "accepted",
      "accepted",
      "duplicate",
    ]);
    expect(again.withoutId).toBe(2);
    expect(await stored("twice")).toHaveLength(4);
  });

  it("fixes the time of a row without one at its first receipt", async () => {
    const timeless = { eventId: "t1", ts: null };
    const before = Date.now();
    expect(await statuses("receipts", timeless, timeless)).toEqual([
      "accepted",
      "duplicate",
    ]);
    expect(await statuses("receipts", timeless)).toEqual(["duplicate"]);
    const [event] = await stored("receipts");
    expect(event?.ts).toBeGreaterThanOrEqual(before);
    expect(event?.late).toBe(false);
  });

  it("flags rows that come later than the namespace expects", async () => {
    const now = Date.now();
    const { late } = await append(
      "late",
      { ts: now - DAY_MS - 60_000, itemId: "old" },
      { ts: now - DAY_MS + 60_000, itemId: "fresh" },
      { ts: now + 60_000, itemId: "early" },
    );
    expect(late).toBe(1);
    const flags = (await stored("late")).map((row) => [row.itemId, row.late]);
    expect(flags).toEqual([
      ["early", false],
      ["fresh", false],
      ["old", true],
    ]);
  });

  it("makes the month of a row and its neighbours, out of order and in one batch", async () => {
    await append(
      "months",
      { ts: Date.UTC(1999, 11, 31, 23, 59, 59, 999) },
      { ts: Date.UTC(1991, 5, 15) },
      { ts: Date.UTC(2000, 0, 1) },
    );
    const partitions = await test.asOwner<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits
        where inhparent = 'events'::regclass and inhrelid::regclass::text < 'events_2001'
        order by 1`,
    );
    expect(partitions.map((row) => row.name)).toEqual([
      "events_199105",
      "events_199106",
      "events_199107",
      "events_199911",
      "events_199912",
      "events_200001",
      "events_200002",
    ]);
    expect(await stored("months")).toHaveLength(3);
  });

  it("refuses the whole batch for a time that has no partition", async () => {
    for (const ts of [Date.UTC(1989, 11, 31), Date.now() + 3 * DAY_MS]) {
      await expect(append("range", { ts })).rejects.toThrow("no partition");
    }
    expect(await stored("range")).toEqual([]);
  });

  it("counts canaries by client and keeps nothing else of them", async () => {
    const canary = { canary: true, subject: userIdentity("bird") };
    const result = await append(
      "canary",
      { ...canary, client: "ios/2" },
      { ...canary, client: "ios/2" },
      canary,
    );
    expect(result).toMatchObject({ canaries: 3, late: 0, withoutId: 0 });
    await append("canary", { ...canary, client: "ios/2" });
    const counts = await test.inAcme((tx) => listCanaryCounts(tx, "canary", 0));
    expect(counts.map((row) => [row.client, row.events])).toEqual([
      ["", 1],
      ["ios/2", 3],
    ]);
    expect(await stored("canary")).toEqual([]);
    const bird = await test.inAcme((tx) => findPerson(tx, "canary", "pu-bird"));
    expect(bird).toBeNull();
  });

  it("knows a guest by the session alone", async () => {
    await append("guests", { subject: sessionIdentity("s9") });
    const guest = await test.inAcme((tx) => findPerson(tx, "guests", "ps-s9"));
    expect(guest?.kind).toBe("session");
    expect(await stored("guests")).toMatchObject([{ guest: true }]);
  });

  it("loads the newest events of a person, newest first, across months", async () => {
    await append(
      "state",
      { itemId: "2", ts: Date.UTC(2026, 0, 31) },
      { itemId: "4", ts: Date.UTC(2026, 2, 2), type: "rating", value: 5 },
      { itemId: "1", ts: Date.UTC(2025, 11, 1) },
      { itemId: "3", ts: Date.UTC(2026, 1, 1) },
      { itemId: "9", subject: userIdentity("other") },
    );
    const pseudonyms = ["pu-nobody", "pu-u1", "pu-other"];
    const loaded = await test.inAcme((tx) =>
      loadUserStates(tx, "state", { pseudonyms, limit: 3 }),
    );
    expect([...loaded.keys()].sort()).toEqual(["pu-other", "pu-u1"]);
    expect(loaded.get("pu-u1")?.events).toEqual([
      { item_id: "4", type: "rating", ts: Date.UTC(2026, 2, 2), value: 5 },
      { item_id: "3", type: "view", ts: Date.UTC(2026, 1, 1) },
      { item_id: "2", type: "view", ts: Date.UTC(2026, 0, 31) },
    ]);
  });

  it("lets two writers send the same events in opposite orders, each stored once", async () => {
    const rows = Array.from({ length: 300 }, (_, i) => ({
      eventId: `e${i}`,
      ts: i % 3 === 0 ? null : Date.UTC(2024, i % 12, 5),
      subject: userIdentity(`u${i % 40}`),
    }));
    const [one, two] = await Promise.all([
      append("race", ...rows),
      append("race", ...[...rows].reverse()),
    ]);
    const accepted = [...one.results, ...two.results].filter(
      (result) => result.status === "accepted",
    );
    expect(accepted).toHaveLength(300);
    expect(await stored("race")).toHaveLength(300);
  });

  it("tells other replicas whose events changed, or everybody when they are many", async () => {
    const heard: string[] = [];
    const listener = await test.store.listen(USERS_CHANNEL, {
      onMessage: (payload) => heard.push(payload),
      onLost: () => undefined,
    });
    await append("few", { subject: userIdentity("ann") });
    await append(
      "many",
      ...Array.from({ length: 300 }, (_, i) => ({
        subject: userIdentity(`u${i}`),
      })),
    );
    await expect
      .poll(() => heard.map(readUsersChanged))
      .toEqual([
        { tenant: "acme", namespace: "few", pseudonyms: ["pu-ann"] },
        { tenant: "acme", namespace: "many", pseudonyms: null },
      ]);
    await listener.close();
  });

  it("leaves nothing half when the connection dies in the middle", async () => {
    const dying = test.inAcme(async (tx) => {
      await appendEvents(
        tx,
        "killed",
        batchOf({
          eventId: "k1",
          ts: null,
          requestId: "01930000-0000-7000-8000-000000000002",
        }),
      );
      await sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx.db);
      await listEvents(tx, "killed", { filter: {}, limit: 1 });
    });
    await expect(dying).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
    const left = await test.asOwner<{ rows: number }>(
      `select (select count(*) from events where namespace = 'killed')
            + (select count(*) from outcomes where namespace = 'killed')
            + (select count(*) from event_receipts where namespace = 'killed')
            + (select count(*) from people where namespace = 'killed') as rows`,
    );
    expect(Number(left[0]?.rows)).toBe(0);
    expect(await statuses("killed", { eventId: "k1", ts: null })).toEqual([
      "accepted",
    ]);
  });
});
