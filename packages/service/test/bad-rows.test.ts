import type { RecommendResponse } from "@recsys/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { idsOf, items, startHarness, type Harness } from "./harness.ts";
import { eventually } from "./publish.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  await harness.call("POST /v1/items", items(4));
});
afterAll(async () => {
  await harness.end();
});

/** Changes an item past the API, as an older release or a person would. */
async function writeByHand(id: string, item: string): Promise<void> {
  await harness.store.withClient("demo", async (client) => {
    await client.query(
      "update catalogues set revision = revision + 1 where namespace = 'default'",
    );
    await client.query(
      `insert into items select tenant_id, namespace, $1, $2, revision, recsys.now()
         from catalogues where namespace = 'default'
       on conflict (tenant_id, namespace, item_id) do update
         set item = excluded.item, revision = excluded.revision`,
      [id, item],
    );
    await client.query(
      `insert into item_changes
       select tenant_id, namespace, revision, item_id, item, updated_at
         from items where item_id = $1`,
      [id],
    );
  });
}

const shown = async () => {
  const list = await harness.call<RecommendResponse>("POST /v1/recommend", {
    surface: "home",
    k: 10,
  });
  expect(list.status).toBe(200);
  return idsOf(list).sort();
};
const health = () =>
  harness.call<{
    status: string;
    snapshots: {
      last_error: string | null;
      unreadable_items: { count: number; item_ids: string[] };
    }[];
  }>("GET /health/detailed");

describe("an item row that cannot be read", () => {
  it("is left out and reported, while all others are served and go on changing", async () => {
    await writeByHand("item-1", '{"item_id": "item-1", "price": "NaN"}');
    await writeByHand("old", '{"item_id": "old", "tags": null}');
    // The next change of the catalogue reaches the lists all the same.
    await harness.call("POST /v1/items", [
      { item_id: "item-2", available: false },
      { item_id: "new" },
    ]);
    await eventually(async () => (await shown()).includes("new"));
    expect(await shown()).toEqual(["item-0", "item-3", "new"]);
    expect((await health()).body).toMatchObject({
      status: "degraded",
      snapshots: [
        {
          last_error: null,
          unreadable_items: { count: 2, item_ids: ["item-1", "old"] },
        },
      ],
    });
    const metrics = await harness.call<string>("GET /metrics");
    expect(metrics.body).toContain(
      'recsys_catalogue_unreadable_items{tenant="demo",namespace="default"} 2',
    );
    expect(harness.logLines.join("")).toContain('"items":2');
  });

  it("is left out from the start of a process, and served again once it is sent anew", async () => {
    await harness.restart();
    expect(await shown()).toEqual(["item-0", "item-3", "new"]);
    await harness.call("POST /v1/items", [
      { item_id: "item-1", price: 2 },
      { item_id: "old" },
    ]);
    expect(await shown()).toEqual(["item-0", "item-1", "item-3", "new", "old"]);
    expect((await health()).body.status).toBe("ok");
  });
});
