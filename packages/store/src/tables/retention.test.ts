import { DAY_MS } from "@recsys/contracts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newDecision, requestIdAt } from "../../test/support/new-decision.ts";
import { batchOf, userIdentity } from "../../test/support/new-events.ts";
import {
  openTestStore,
  type TestStore,
} from "../../test/support/open-test-store.ts";
import { catalogueAt, loadCatalogue } from "./catalogue.ts";
import { listDecisions } from "./decision-queries.ts";
import { shipDecisions } from "./decisions.ts";
import { erasePeople } from "./erasures.ts";
import { listEvents } from "./event-queries.ts";
import { appendEvents } from "./events.ts";
import { claimAnswer } from "./idempotency.ts";
import { deleteItems, upsertItems } from "./items.ts";
import {
  compactItemChanges,
  deleteExpired,
  deleteOldEvents,
  deleteOldWork,
  dropOldDays,
} from "./retention.ts";
import { finishRun, startRun } from "./runs.ts";
import { createTenant } from "./tenants.ts";
import { appendUploadErrors, createUpload, moveUpload } from "./uploads.ts";

describe("retention", () => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore();
  });
  beforeEach(() => test.shiftClock(0));
  afterAll(() => test.close());

  it("drops whole days of decisions that are older than the limit", async () => {
    const now = Date.now();
    await test.inAcme((tx) =>
      shipDecisions(
        tx,
        "default",
        [0, 5, 9, 12].map((days) =>
          newDecision({ request_id: requestIdAt(now - days * DAY_MS, days) }),
        ),
      ),
    );
    const dropped = await test.inAcme((tx) => dropOldDays(tx, "decisions", 7));
    expect(dropped).toBeGreaterThanOrEqual(4);
    const left = await test.inAcme((tx) =>
      listDecisions(tx, "default", { filter: {}, limit: 10 }),
    );
    expect(left.rows.map((row) => Number(row.requestId.at(-1)))).toEqual([
      0, 5,
    ]);
    expect(await test.inAcme((tx) => dropOldDays(tx, "decisions", 7))).toBe(0);
  });

  it("never drops the last day, nor a table that is kept by rows", async () => {
    await expect(
      test.inAcme((tx) => dropOldDays(tx, "outcomes", 0)),
    ).rejects.toThrow("at least one day");
    await expect(
      test.inAcme((tx) => dropOldDays(tx, "events" as "outcomes", 30)),
    ).rejects.toThrow("not kept by day");
  });

  it("deletes events by their receipt, not by their own time", async () => {
    const append = (itemId: string) =>
      test.inAcme((tx) =>
        appendEvents(
          tx,
          "default",
          batchOf(
            { itemId, ts: Date.UTC(2011, 1, 1) },
            { itemId, ts: Date.UTC(2012, 1, 1) },
          ),
        ),
      );
    await append("old");
    await test.shiftClock(31 * DAY_MS);
    await append("new");
    const remove = () =>
      test.inAcme((tx) => deleteOldEvents(tx, { days: 30, limit: 1 }));
    expect([await remove(), await remove(), await remove()]).toEqual([1, 1, 0]);
    const left = await test.inAcme((tx) =>
      listEvents(tx, "default", { filter: {}, limit: 10 }),
    );
    expect(left.rows.map((row) => row.itemId)).toEqual(["new", "new"]);
  });

  it("compacts item changes to what kept revisions need", async () => {
    const upsert = (item_id: string, price: number) =>
      test.inAcme((tx) =>
        upsertItems(tx, "default", [{ row: 0, input: { item_id, price } }]),
      );
    await upsert("a", 1);
    await upsert("a", 2);
    await upsert("gone", 3);
    await test.inAcme((tx) => deleteItems(tx, "default", { ids: ["gone"] }));
    await test.shiftClock(20 * DAY_MS);
    await upsert("a", 5);
    await upsert("b", 6);
    const prices = async (revision: number) => {
      const items = await test.inAcme((tx) =>
        catalogueAt(tx, "default", revision),
      );
      return items.map((item) => [item.item_id, item.price]);
    };
    const before = [await prices(4), await prices(5), await prices(6)];
    const removed = await test.inAcme((tx) =>
      compactItemChanges(tx, "default", 14),
    );
    expect(removed).toBe(3);
    expect([await prices(4), await prices(5), await prices(6)]).toEqual(before);
    expect(before[0]).toEqual([["a", 2]]);
    await expect(prices(3)).rejects.toMatchObject({
      code: "REPLAY_IMPOSSIBLE",
    });
    const { items } = await test.inAcme((tx) => loadCatalogue(tx, "default"));
    expect(items).toHaveLength(2);
  });

  it("ends the retry window after seven days", async () => {
    const timeless = batchOf({ eventId: "e", ts: null });
    await test.inAcme((tx) => appendEvents(tx, "retry", timeless));
    expect(await test.inAcme((tx) => deleteExpired(tx, 10))).toBe(0);
    await test.shiftClock(7 * DAY_MS + 60_000);
    expect(await test.inAcme((tx) => deleteExpired(tx, 10))).toBe(1);
  });

  it("forgets answers after a day, a batch at a time", async () => {
    for (const key of ["a", "b", "c"]) {
      await test.inAcme((tx) =>
        claimAnswer(tx, { route: "r", key, bodyHash: "h" }, "holder"),
      );
    }
    const remove = () => test.inAcme((tx) => deleteExpired(tx, 2));
    expect(await remove()).toBe(0);
    await test.shiftClock(DAY_MS + 60_000);
    expect([await remove(), await remove(), await remove()]).toEqual([2, 1, 0]);
  });

  it("forgets whom it erased 30 days ago, of its own tenant only", async () => {
    for (const tenant of ["acme", "other"]) {
      await test.store.tenantless((db) =>
        createTenant(db, { tenantId: tenant, name: tenant, servingMode: "db" }),
      );
      await test.store.inTenant(tenant, async (tx) => {
        const ann = userIdentity("ann");
        await erasePeople(tx, "forget", [ann.pseudonym]);
      });
    }
    const noted = async () => {
      const rows = await test.asOwner<{ tenant_id: string }>(
        "select tenant_id from erased_pseudonyms order by 1",
      );
      return rows.map((row) => row.tenant_id);
    };
    await test.shiftClock(30 * DAY_MS - 60_000);
    await test.inAcme((tx) => deleteExpired(tx, 10));
    expect(await noted()).toEqual(["acme", "other"]);
    await test.shiftClock(30 * DAY_MS + 60_000);
    await test.inAcme((tx) => deleteExpired(tx, 10));
    expect(await noted()).toEqual(["other"]);
  });

  it("deletes finished runs and uploads with their errors, not those at work", async () => {
    await test.inAcme(async (tx) => {
      const start = () =>
        startRun(tx, "default", {
          pipeline: "learn",
          owner: "o",
          trigger: "cli",
          asOf: 0,
          codeVersion: "1",
          parameters: {},
        });
      await start();
      await finishRun(tx, await start(), { state: "succeeded" });
      const create = () =>
        createUpload(tx, "default", {
          kind: "items",
          format: "csv",
          bytes: 1,
          createdBy: "dev",
        });
      await create();
      const { uploadId } = await create();
      const error = { row: 1, path: "", code: "type", message: "no object" };
      await appendUploadErrors(tx, uploadId, [error]);
      await moveUpload(tx, uploadId, { to: "failed" });
    });
    await test.shiftClock(91 * DAY_MS);
    expect(await test.inAcme((tx) => deleteOldWork(tx, 90))).toBe(2);
    const left = await test.asOwner("select 1 from upload_errors");
    expect(left).toEqual([]);
  });
});
