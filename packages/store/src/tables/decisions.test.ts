import { HOUR_MS, MINUTE_MS } from "@recsys/contracts";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newDecision, requestIdAt } from "../../test/support/new-decision.ts";
import {
  anonymousIdentity,
  batchOf,
  userIdentity,
} from "../../test/support/new-events.ts";
import {
  openTestStore,
  type TestStore,
} from "../../test/support/open-test-store.ts";
import {
  countUnmatched,
  findDecision,
  listDecisions,
  sampleDecisions,
  type DecisionFilter,
} from "./decision-queries.ts";
import { shipDecisions } from "./decisions.ts";
import { listEvents } from "./event-queries.ts";
import { appendEvents } from "./events.ts";
import { appendExposures } from "./exposures.ts";
import { mergePeople } from "./merge.ts";
import { ensurePeople, findPerson } from "./people.ts";

describe("decisions", () => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore();
  });
  afterAll(() => test.close());

  const now = Date.now();
  const ship = (...records: readonly ReturnType<typeof newDecision>[]) =>
    test.inAcme((tx) =>
      shipDecisions(tx, records[0]?.namespace ?? "default", records),
    );
  const find = (requestId: string) =>
    test.inAcme((tx) => findDecision(tx, requestId));

  it("stores a record once, however often and in whatever company it is shipped", async () => {
    const one = newDecision({ request_id: requestIdAt(now, 1) });
    const two = newDecision({ request_id: requestIdAt(now - 30 * HOUR_MS, 2) });
    expect(await ship(one, one)).toMatchObject({ stored: 1, duplicates: 1 });
    expect(await ship(two, one)).toMatchObject({ stored: 1, duplicates: 1 });
    const [again, other] = await Promise.all([ship(one, two), ship(two, one)]);
    expect(again.duplicates + other.duplicates).toBe(4);
  });

  it("gives the record back number by number, its keys in their order", async () => {
    const record = newDecision({
      request_id: requestIdAt(now, 3),
      seed: 4294967295,
      timings_ms: { zeta: 0.30000000000000004, alpha: 1e21, eta: 5e-324 },
    });
    await ship(record);
    const found = await find(record.request_id);
    expect(JSON.stringify(found?.record)).toBe(JSON.stringify(record));
    expect(found?.receivedAt).toBe(now);
  });

  it("maps the pseudonym to a key and keeps it nowhere", async () => {
    const pseudonym = "pa-visitor";
    const record = newDecision({
      request_id: requestIdAt(now, 4),
      subject: pseudonym,
      user_state: {
        events: [],
        traits: {},
        consent: "unknown",
        bucket_key: pseudonym,
      },
    });
    await ship(record);
    const person = await test.inAcme((tx) =>
      findPerson(tx, "default", pseudonym),
    );
    expect(person).toMatchObject({ kind: null, externalId: null });
    const found = await find(record.request_id);
    expect(found?.record.subject).toBe(person?.userKey);
    expect(found?.record.user_state.bucket_key).toBe(person?.bucketKey);
    const left = await test.asOwner<{ left: boolean }>(
      "select record::text like '%pa-visitor%' as left from decisions where request_id = $1",
      [record.request_id],
    );
    expect(left).toEqual([{ left: false }]);
  });

  it("refuses what can never be stored and ships the rest", async () => {
    const good = newDecision({ request_id: requestIdAt(now, 5) });
    const result = await ship(
      good,
      newDecision({ request_id: "e8b5a51d-7a4f-4d3c-9a4f-1c2d3e4f5a6b" }),
      newDecision({ request_id: requestIdAt(now + 48 * HOUR_MS, 6) }),
      newDecision({ request_id: requestIdAt(now, 7), tenant: "bolt" }),
    );
    expect(result.stored).toBe(1);
    expect(result.refused.map(({ reason }) => reason)).toEqual([
      "request_id is not a UUIDv7",
      "the time in request_id is no time of this service",
      "belongs to another tenant or namespace",
    ]);
  });

  it("lists by every filter, newest first, page by page", async () => {
    const at = (number: number, minutes: number) =>
      requestIdAt(now - minutes * MINUTE_MS, number);
    const request = newDecision({ request_id: at(0, 0) }).request;
    const decision = (
      request_id: string,
      fields: Partial<ReturnType<typeof newDecision>>,
    ) => newDecision({ request_id, namespace: "lists", ...fields });
    await ship(
      decision(at(1, 3), { subject: "pu-u1" }),
      decision(at(2, 2), {
        request: { ...request, surface: "cart", segment: "vip" },
      }),
      decision(at(3, 1), {
        degraded: [{ part: "database", reason: "down" }],
        slate: [],
      }),
    );
    const person = await test.inAcme((tx) => findPerson(tx, "lists", "pu-u1"));
    const numbers = async (filter: DecisionFilter) => {
      const page = await test.inAcme((tx) =>
        listDecisions(tx, "lists", { filter, limit: 10 }),
      );
      return page.rows.map((row) => Number(row.requestId.at(-1)));
    };
    expect(await numbers({})).toEqual([3, 2, 1]);
    expect(await numbers({ surface: "cart" })).toEqual([2]);
    expect(await numbers({ segment: "vip" })).toEqual([2]);
    expect(await numbers({ userKey: person?.userKey ?? "" })).toEqual([1]);
    expect(await numbers({ itemId: "b" })).toEqual([2, 1]);
    expect(await numbers({ degraded: true })).toEqual([3]);
    expect(
      await numbers({ from: now - 2 * MINUTE_MS, to: now - 60_000 }),
    ).toEqual([2]);
    const first = await test.inAcme((tx) =>
      listDecisions(tx, "lists", { filter: {}, limit: 2 }),
    );
    const cursor = first.next ?? "";
    const rest = await test.inAcme((tx) =>
      listDecisions(tx, "lists", { filter: {}, limit: 2, cursor }),
    );
    expect(rest.rows.map((row) => row.requestId)).toEqual([at(1, 3)]);
  });

  it("draws the same sample for the same seed", async () => {
    await ship(
      ...Array.from({ length: 40 }, (_, i) =>
        newDecision({
          request_id: requestIdAt(now - i * 2 * HOUR_MS, i),
          namespace: "sample",
        }),
      ),
    );
    const draw = async (seed: number) => {
      const drawn = await test.inAcme((tx) =>
        sampleDecisions(tx, "sample", { size: 10, seed }),
      );
      return drawn.map((row) => row.requestId);
    };
    const first = await draw(1);
    expect(new Set(first).size).toBe(10);
    expect(await draw(1)).toEqual(first);
    expect(await draw(2)).not.toEqual(first);
  });

  it("moves with a merge; those of the dropped bucket are contaminated", async () => {
    const anonymous = anonymousIdentity("m");
    const user = userIdentity("m");
    const decision = (number: number, subject: string) =>
      newDecision({
        request_id: requestIdAt(now, 20 + number),
        namespace: "merge",
        subject,
      });
    await ship(decision(1, anonymous.pseudonym));
    await ship(decision(2, user.pseudonym));
    await test.inAcme((tx) => mergePeople(tx, "merge", { anonymous, user }));
    const page = await test.inAcme((tx) =>
      listDecisions(tx, "merge", { filter: {}, limit: 10 }),
    );
    const person = await test.inAcme((tx) => findPerson(tx, "merge", "pu-m"));
    expect(page.rows.map((row) => [row.userKey, row.contaminated])).toEqual([
      [person?.userKey, true],
      [person?.userKey, false],
    ]);
  });

  it("says who acted in an outcome that names nobody", async () => {
    const requestId = requestIdAt(now, 30);
    await ship(
      newDecision({
        request_id: requestId,
        namespace: "outcome",
        subject: "pu-o",
      }),
    );
    await test.inAcme((tx) =>
      appendEvents(tx, "outcome", batchOf({ subject: null, requestId })),
    );
    const person = await test.inAcme((tx) => findPerson(tx, "outcome", "pu-o"));
    const page = await test.inAcme((tx) =>
      listEvents(tx, "outcome", { filter: {}, limit: 10 }),
    );
    expect(page.rows).toMatchObject([
      { userKey: person?.userKey, guest: false },
    ]);
  });

  it("is shown by the view rec_decisions to its tenant only", async () => {
    await ship(
      newDecision({ request_id: requestIdAt(now, 31), namespace: "view" }),
    );
    const read = (tenant: string) =>
      test.store.inTenant(tenant, async (tx) => {
        const found =
          await sql`select k, item_ids, scores, propensities, manifest_version,
                           catalogue_revision, degraded
                      from rec_decisions where namespace = 'view'`.execute(
            tx.db,
          );
        return found.rows;
      });
    expect(await read("acme")).toEqual([
      {
        k: 2,
        item_ids: ["a", "b"],
        scores: [0.30000000000000004, 1e-7],
        propensities: [1, 1],
        manifest_version: null,
        catalogue_revision: 12,
        degraded: [],
      },
    ]);
    expect(await read("bolt")).toEqual([]);
  });

  it("describes every column of the view", async () => {
    const silent = await test.asOwner(
      `select a.attname
         from pg_attribute a
        where a.attrelid = 'rec_decisions'::regclass and a.attnum > 0
          and col_description(a.attrelid, a.attnum) is null`,
    );
    expect(silent).toEqual([]);
  });
});

describe("feedback without its decision", () => {
  it("counts as unmatched after an hour, and no longer once the decision is there", async () => {
    const test = await openTestStore();
    const now = Date.now();
    const requestId = requestIdAt(now, 1);
    await test.inAcme(async (tx) => {
      await ensurePeople(tx, "default", [userIdentity("u1")]);
      await appendExposures(tx, "default", [
        { row: 0, requestId, itemIds: ["a", "b"], subject: null },
      ]);
      await appendEvents(tx, "default", batchOf({ requestId }));
    });
    const count = () => test.inAcme((tx) => countUnmatched(tx, "default", 0));
    expect(await count()).toEqual({ exposures: 0, outcomes: 0 });
    await test.shiftClock(2 * HOUR_MS);
    expect(await count()).toEqual({ exposures: 2, outcomes: 1 });
    await test.inAcme((tx) =>
      shipDecisions(tx, "default", [newDecision({ request_id: requestId })]),
    );
    expect(await count()).toEqual({ exposures: 0, outcomes: 0 });
    await test.close();
  });
});
