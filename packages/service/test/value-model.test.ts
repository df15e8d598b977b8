import type { RecommendResponse } from "@recsys/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { idsOf, items, startHarness, type Harness } from "./harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  const shop = items(12).map((item, i) => ({
    ...item,
    provider_id: `provider-${i % 4}`,
    margin: i / 20,
    ...(i > 7 ? { sponsored: true } : {}),
  }));
  await harness.call("POST /v1/items", shop);
});
afterAll(async () => {
  await harness.end();
});

const list = (more: object = {}) =>
  harness.call<RecommendResponse>("POST /v1/recommend", {
    surface: "home",
    k: 12,
    ...more,
  });

describe("whose an item is, what it earns and who pays", () => {
  it("can be asked about in expressions", async () => {
    const where = (text: string) => list({ constraints: { where: text } });
    const dear = await where("item.margin >= 0.5");
    expect(idsOf(dear).sort()).toEqual(["item-10", "item-11"]);
    const own = await where('item.provider_id = "provider-3"');
    expect(idsOf(own).sort()).toEqual(["item-11", "item-3", "item-7"]);
    const free = await where("not item.sponsored and item.price > 6");
    expect(idsOf(free).sort()).toEqual(["item-6", "item-7"]);
  });

  it("is in the catalogue, but the margin never in a list", async () => {
    const stored = await harness.call<{ items: object[] }>(
      "GET /v1/items?item_id=item-11",
    );
    const facts = { provider_id: "provider-3", sponsored: true };
    expect(stored.body.items[0]).toMatchObject({ ...facts, margin: 0.55 });
    const answer = await list({
      candidates: { include_ids: ["item-11"] },
      options: { include_items: true },
    });
    const shown = answer.body.items[0]?.item;
    expect(shown).toMatchObject(facts);
    expect(shown).not.toHaveProperty("margin");
  });

  it("is refused where it means nothing", async () => {
    const answer = await harness.call<{ results: object[] }>("POST /v1/items", [
      { item_id: "a", margin: 1.2, sponsored: "yes", provider_id: "" },
    ]);
    expect(answer.body.results).toMatchObject([
      {
        status: "rejected",
        errors: [
          { path: "/provider_id" },
          { path: "/margin" },
          { path: "/sponsored" },
        ],
      },
    ]);
  });
});
