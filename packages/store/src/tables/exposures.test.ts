import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  batchOf,
  MONDAY_NOON,
  userIdentity,
} from "../../test/support/new-events.ts";
import {
  openTestStore,
  type TestStore,
} from "../../test/support/open-test-store.ts";
import { appendEvents } from "./events.ts";
import {
  appendExposures,
  listExposures,
  type NewExposure,
} from "./exposures.ts";
import type { FeedbackFilter } from "./feedback.ts";
import { listOutcomes } from "./outcomes.ts";

const FIRST = "01930000-0000-7000-8000-000000000001";
const SECOND = "01930000-0000-7000-8000-000000000002";

function exposure(fields: Partial<NewExposure>): NewExposure {
  return {
    row: 0,
    requestId: FIRST,
    itemIds: ["a"],
    subject: userIdentity("u1"),
    ts: MONDAY_NOON,
    ...fields,
  };
}

describe("exposures and outcomes", () => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore();
  });
  afterAll(() => test.close());

  const seen = async (namespace: string, filter: FeedbackFilter) => {
    const page = await test.inAcme((tx) =>
      listExposures(tx, namespace, { filter, limit: 100 }),
    );
    return page.rows.map((row) => row.itemId);
  };

  it("stores one row an item, once per exposure_id, also inside a batch", async () => {
    const rows = [
      exposure({ row: 0, exposureId: "x1", itemIds: ["a", "b", "a"] }),
      exposure({ row: 1, exposureId: "x1", itemIds: ["a", "b"] }),
      exposure({ row: 2, requestId: SECOND, subject: null }),
    ];
    const append = () =>
      test.inAcme((tx) => appendExposures(tx, "default", rows));
    const first = await append();
    const again = await append();
    expect(first.map((result) => result.status)).toEqual([
      "accepted",
      "duplicate",
      "accepted",
    ]);
    expect(again.map((result) => result.status)).toEqual([
      "duplicate",
      "duplicate",
      "accepted",
    ]);
    expect(await seen("default", { requestId: FIRST })).toEqual(["a", "b"]);
    expect(await seen("default", { itemId: "a", requestId: SECOND })).toEqual([
      "a",
      "a",
    ]);
    expect(await seen("default", { to: MONDAY_NOON })).toEqual([]);
  });

  it("turns an event with a request_id into an outcome as well, once", async () => {
    const batch = batchOf(
      { eventId: "o1", requestId: FIRST, type: "purchase", price: 3 },
      { eventId: "o2", type: "view" },
    );
    for (const times of [1, 2]) {
      await test.inAcme((tx) => appendEvents(tx, "outcomes", batch));
      const page = await test.inAcme((tx) =>
        listOutcomes(tx, "outcomes", {
          filter: { requestId: FIRST },
          limit: 10,
        }),
      );
      expect(page.rows, `sent ${times} times`).toMatchObject([
        { eventId: "o1", type: "purchase", price: 3, ts: MONDAY_NOON },
      ]);
    }
  });

  it("keeps an outcome that names nobody as a guest's", async () => {
    await test.inAcme((tx) =>
      appendEvents(tx, "nobody", batchOf({ subject: null, requestId: SECOND })),
    );
    const page = await test.inAcme((tx) =>
      listOutcomes(tx, "nobody", { filter: {}, limit: 10 }),
    );
    expect(page.rows).toHaveLength(1);
  });

  it("goes through pages without losing rows of one moment", async () => {
    await test.inAcme((tx) =>
      appendExposures(tx, "pages", [
        exposure({ itemIds: ["1", "2", "3", "4", "5"] }),
      ]),
    );
    const items: string[] = [];
    let cursor: string | null = null;
    do {
      const at: { cursor?: string } = cursor === null ? {} : { cursor };
      const page = await test.inAcme((tx) =>
        listExposures(tx, "pages", { filter: {}, limit: 2, ...at }),
      );
      items.push(...page.rows.map((row) => row.itemId));
      cursor = page.next;
    } while (cursor !== null);
    expect(items).toEqual(["1", "2", "3", "4", "5"]);
  });
});
