import { DAY_MS, MINUTE_MS } from "@recsys/contracts";
import {
  createTenant,
  listDecisions,
  listEvents,
  listObligations,
  shipDecisions,
} from "@recsys/store";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  newDecision,
  requestIdAt,
} from "../../store/test/support/new-decision.ts";
import { ensureRetention, workOffRetention } from "../src/index.ts";
import { createWorld, NAMESPACE, TENANT, type World } from "./world.ts";

describe("the duty to delete what is old", () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld();
  });
  afterEach(() => world.close());

  const keep = { events: 30, decisions: 14, feedback: 30 };
  const work = (now = Date.now()) =>
    workOffRetention({
      store: world.store,
      worker: "w",
      clock: () => now,
      days: keep,
      batchRows: 1,
    });
  const ensure = (tenant = TENANT) =>
    ensureRetention(world.store, tenant, Date.now() - MINUTE_MS);
  const obligation = async () => {
    const [first] = await world.store.inTenant(TENANT, (tx) =>
      listObligations(tx, "retention"),
    );
    return first;
  };
  const itemsOfEvents = async () => {
    const page = await world.store.inTenant(TENANT, (tx) =>
      listEvents(tx, NAMESPACE, { filter: {}, limit: 100 }),
    );
    return page.rows.map(({ itemId }) => itemId);
  };
  const event = (item: string) => ({ user: "ann", item, ts: Date.now() });

  it("falls to each tenant once, and comes back a day later", async () => {
    await world.store.tenantless((db) =>
      createTenant(db, { tenantId: "two", name: "Two", servingMode: "db" }),
    );
    for (const tenant of [TENANT, "two", TENANT]) await ensure(tenant);
    const now = Date.now();
    const done = [await work(now), await work(now)];
    expect(done.map((ended) => ended?.tenant).sort()).toEqual([TENANT, "two"]);
    expect(done.map((ended) => ended?.nextDueAt)).toEqual([
      now + DAY_MS,
      now + DAY_MS,
    ]);
    await ensure();
    expect(await work(now)).toBeNull();
    expect((await obligation())?.dueAt).toBe(now + DAY_MS);
  });

  it("deletes events by their receipt, a batch at a time, and goes on where more are left than a turn takes", async () => {
    await world.addEvents(
      Array.from({ length: 22 }, (_, at) => event(`old-${at}`)),
    );
    await world.shiftClock(31 * DAY_MS);
    await world.addEvents([event("new")]);
    await ensure();
    const later = Date.now() + 31 * DAY_MS;
    expect(await work(later)).toMatchObject({ rows: 20, nextDueAt: later });
    expect(await itemsOfEvents()).toHaveLength(3);
    await world.shiftClock(31 * DAY_MS + MINUTE_MS);
    expect(await work(later)).toMatchObject({
      rows: 2,
      nextDueAt: later + DAY_MS,
    });
    expect(await itemsOfEvents()).toEqual(["new"]);
  });

  it("drops the days of decisions that nobody may replay any longer, and no others", async () => {
    const now = Date.now();
    const ids = [0, 13, 16].map((days) =>
      requestIdAt(now - days * DAY_MS, days),
    );
    await world.store.inTenant(TENANT, (tx) =>
      shipDecisions(
        tx,
        NAMESPACE,
        ids.map((request_id) =>
          newDecision({ request_id, tenant: TENANT, namespace: NAMESPACE }),
        ),
      ),
    );
    await ensure();
    expect((await work())?.days).toBeGreaterThan(0);
    const left = await world.store.inTenant(TENANT, (tx) =>
      listDecisions(tx, NAMESPACE, { filter: {}, limit: 10 }),
    );
    expect(left.rows.map(({ requestId }) => requestId)).toEqual(
      ids.slice(0, 2),
    );
  });

  it("is tried again later when it fails, and says why", async () => {
    await ensure();
    const ended = await workOffRetention({
      store: world.store,
      worker: "w",
      clock: () => 0,
      days: { ...keep, decisions: 0 },
    });
    expect(ended).toMatchObject({ rows: 0, nextDueAt: 2 * MINUTE_MS });
    expect((await obligation())?.lastError).toContain("at least one day");
  });
});
