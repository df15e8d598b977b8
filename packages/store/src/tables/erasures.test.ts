import { DAY_MS } from "@recsys/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newDecision, requestIdAt } from "../../test/support/new-decision.ts";
import {
  anonymousIdentity,
  batchOf,
  sessionIdentity,
  userIdentity,
} from "../../test/support/new-events.ts";
import {
  openTestStore,
  type TestStore,
} from "../../test/support/open-test-store.ts";
import { findDecision } from "./decision-queries.ts";
import { shipDecisions } from "./decisions.ts";
import { erasePeople } from "./erasures.ts";
import { appendEvents } from "./events.ts";
import { appendExposures } from "./exposures.ts";
import { mergePeople } from "./merge.ts";
import { findPerson, type Identity } from "./people.ts";
import { createTenant } from "./tenants.ts";
import { upsertUsers } from "./users.ts";

const TABLES = [
  "people",
  "users",
  "events",
  "exposures",
  "outcomes",
  "decisions",
] as const;
const now = Date.now();
let asked = 0;
const nextId = (ms = now) => requestIdAt(ms, ++asked);

describe("erasing a person", () => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore();
    await test.store.tenantless((db) =>
      createTenant(db, { tenantId: "acme", name: "Acme", servingMode: "db" }),
    );
  });
  afterAll(() => test.close());

  /** What somebody leaves behind: an event with an outcome, an exposure, a decision. */
  async function act(
    namespace: string,
    subject: Identity,
    session?: Identity,
  ): Promise<void> {
    const requestId = nextId();
    const { pseudonym } = subject;
    const seen = session === undefined ? {} : { session };
    await test.inAcme(async (tx) => {
      const batch = batchOf({ subject, requestId, itemId: pseudonym, ...seen });
      await appendEvents(tx, namespace, batch);
      await appendExposures(tx, namespace, [
        { row: 0, requestId, itemIds: [pseudonym], subject },
      ]);
    });
    await ship(namespace, nextId(), pseudonym);
  }

  const ship = (namespace: string, request_id: string, subject: string) =>
    test.inAcme((tx) =>
      shipDecisions(tx, namespace, [
        newDecision({ request_id, subject, namespace }),
      ]),
    );
  const find = (namespace: string, { pseudonym }: Identity) =>
    test.inAcme((tx) => findPerson(tx, namespace, pseudonym));
  const erase = (namespace: string, { pseudonym }: Identity) =>
    test.inAcme((tx) => erasePeople(tx, namespace, [pseudonym]));
  /** Rows that are left in a namespace, by table. */
  async function left(namespace: string): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const table of TABLES) {
      const [row] = await test.asOwner<{ rows: number }>(
        `select count(*)::int as rows from ${table} where namespace = $1`,
        [namespace],
      );
      counts[table] = row?.rows ?? 0;
    }
    return counts;
  }
  /** An erasure is under way when it waits for a lock. */
  async function somebodyWaits(): Promise<void> {
    for (let waiting = 0; waiting === 0;) {
      const [row] = await test.asOwner<{ waiting: number }>(
        `select count(*)::int as waiting
           from pg_locks l join pg_database d on d.oid = l.database
          where not l.granted and d.datname = current_database()`,
      );
      waiting = row?.waiting ?? 0;
    }
  }
  const NOTHING = Object.fromEntries(TABLES.map((table) => [table, 0]));

  it("takes along what was done in the person's sessions before signing in", async () => {
    const ann = userIdentity("ann");
    const visit = sessionIdentity("visit");
    await act("sessions", visit);
    await act("sessions", ann, visit);
    await test.inAcme((tx) =>
      upsertUsers(tx, "sessions", [
        { row: 0, pseudonym: ann.pseudonym, input: { user_id: "ann" } },
      ]),
    );
    const bob = userIdentity("bob");
    await act("sessions", bob, sessionIdentity("other"));
    const before = await left("sessions");
    expect(before["events"]).toBe(3);
    expect(await erase("sessions", ann)).toEqual({ people: 1, rows: 11 });
    expect(await left("sessions")).toEqual({
      people: 2,
      users: 0,
      events: 1,
      exposures: 1,
      outcomes: 1,
      decisions: 1,
    });
  });

  it("takes along sessions of a visitor who was merged into the user", async () => {
    const ann = userIdentity("ann");
    const browser = anonymousIdentity("browser");
    const visit = sessionIdentity("visit");
    await act("merged", visit);
    await act("merged", browser, visit);
    await act("merged", ann);
    await test.inAcme((tx) =>
      mergePeople(tx, "merged", { anonymous: browser, user: ann }),
    );
    await erase("merged", ann);
    expect(await left("merged")).toEqual(NOTHING);
  });

  it("is not undone by decisions that were logged before and are shipped after", async () => {
    const ann = userIdentity("ann");
    const visit = sessionIdentity("visit");
    const browser = anonymousIdentity("browser");
    await act("late", visit);
    await act("late", ann, visit);
    await act("late", browser);
    await test.inAcme((tx) =>
      mergePeople(tx, "late", { anonymous: browser, user: ann }),
    );
    await erase("late", ann);
    for (const { pseudonym } of [ann, visit, browser]) {
      const result = await ship("late", nextId(), pseudonym);
      expect(result).toMatchObject({ stored: 0, erased: 1, refused: [] });
    }
    expect(await left("late")).toEqual(NOTHING);
  });

  it("lets the person come back: what is asked for later is stored", async () => {
    const ann = userIdentity("ann");
    await act("back", ann);
    await erase("back", ann);
    const later = nextId(Date.now() + 60_000);
    expect(await ship("back", later, ann.pseudonym)).toMatchObject({
      stored: 1,
      erased: 0,
    });
    const found = await test.inAcme((tx) => findDecision(tx, later));
    expect(found?.userKey).toBe((await find("back", ann))?.userKey);
  });

  it("also holds for decisions that waited longer than erasures are remembered", async () => {
    const known = userIdentity("known");
    await act("old", known);
    const old = now - 31 * DAY_MS;
    const results = [
      await ship("old", nextId(old), known.pseudonym),
      await ship("old", nextId(old), "pu-unknown"),
      await ship("old", nextId(now - 29 * DAY_MS), "pu-unknown"),
    ];
    expect(results.map(({ stored, erased }) => [stored, erased])).toEqual([
      [1, 0],
      [0, 1],
      [1, 0],
    ]);
  });

  it("waits for a shipping under way, and takes its rows, too", async () => {
    const ann = userIdentity("ann");
    await act("race", ann);
    let erased: Promise<unknown> = Promise.resolve();
    await test.inAcme(async (tx) => {
      await shipDecisions(tx, "race", [
        newDecision({
          request_id: nextId(),
          subject: ann.pseudonym,
          namespace: "race",
        }),
      ]);
      erased = erase("race", ann);
      await somebodyWaits();
    });
    await erased;
    expect(await left("race")).toEqual(NOTHING);
  });

  it("forgets somebody whose only decision is still under way", async () => {
    const guest = anonymousIdentity("guest");
    expect(await erase("unknown", guest)).toEqual({ people: 0, rows: 0 });
    const result = await ship("unknown", nextId(), guest.pseudonym);
    expect(result).toMatchObject({ stored: 0, erased: 1 });
    expect(await left("unknown")).toEqual(NOTHING);
  });

  it("drops later decisions made from what was known before, also by the bucket of a merged visitor", async () => {
    const ann = userIdentity("ann");
    const browser = anonymousIdentity("browser");
    await act("stale", browser);
    await act("stale", ann);
    await test.inAcme((tx) =>
      mergePeople(tx, "stale", { anonymous: browser, user: ann }),
    );
    const person = await find("stale", ann);
    await erase("stale", ann);
    const later = Date.now() + 60_000;
    for (const bucket of [person?.userKey, person?.bucketKey]) {
      const record = newDecision({
        request_id: nextId(later),
        subject: ann.pseudonym,
        namespace: "stale",
      });
      const user_state = { ...record.user_state, bucket_key: bucket ?? "" };
      const shipped = await test.inAcme((tx) =>
        shipDecisions(tx, "stale", [{ ...record, user_state }]),
      );
      expect(shipped).toMatchObject({ stored: 0, erased: 1 });
    }
    expect(person?.bucketKey).not.toBe(person?.userKey);
    expect(await left("stale")).toEqual(NOTHING);
  });

  it("waits for an outcome whose decision says who, and takes it, too", async () => {
    const ann = userIdentity("ann");
    await act("outcome", ann);
    const requestId = nextId();
    await ship("outcome", requestId, ann.pseudonym);
    let erased: Promise<unknown> = Promise.resolve();
    await test.inAcme(async (tx) => {
      const batch = batchOf({ subject: null, requestId, eventId: "bought" });
      await appendEvents(tx, "outcome", batch);
      erased = erase("outcome", ann);
      await somebodyWaits();
    });
    await erased;
    expect(await left("outcome")).toEqual(NOTHING);
  });

  it("leaves nothing of events in ever new sessions that arrive at the same time", async () => {
    const ann = userIdentity("ann");
    await act("busy", ann);
    const visits = Array.from({ length: 60 }, (_, i) =>
      act("busy", ann, sessionIdentity(`${i % 7}-visit-${i}`)),
    );
    const erasures = Array.from({ length: 4 }, () => erase("busy", ann));
    await Promise.all([...visits, ...erasures]);
    await erase("busy", ann);
    const [lost] = await test.asOwner<{ rows: number }>(
      `select count(*)::int as rows from events where namespace = 'busy'`,
    );
    expect(lost?.rows).toBe(0);
  });
});
