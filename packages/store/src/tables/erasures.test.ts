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
import { erasePerson } from "./erasures.ts";
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
  const erase = async (namespace: string, who: Identity) => {
    const person = await find(namespace, who);
    return test.inAcme((tx) =>
      erasePerson(tx, namespace, person?.userKey ?? ""),
    );
  };
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
    expect(await erase("sessions", ann)).toBe(11);
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
    let erased = Promise.resolve(0);
    await test.inAcme(async (tx) => {
      await shipDecisions(tx, "race", [
        newDecision({
          request_id: nextId(),
          subject: ann.pseudonym,
          namespace: "race",
        }),
      ]);
      erased = erase("race", ann);
      // The erasure is under way when it waits for a lock.
      for (let waiting = 0; waiting === 0;) {
        const [row] = await test.asOwner<{ waiting: number }>(
          `select count(*)::int as waiting
             from pg_locks l join pg_database d on d.oid = l.database
            where not l.granted and d.datname = current_database()`,
        );
        waiting = row?.waiting ?? 0;
      }
    });
    await erased;
    expect(await left("race")).toEqual(NOTHING);
  });
});
