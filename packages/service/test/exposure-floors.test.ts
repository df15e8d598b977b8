import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createReplayer } from "../src/index.ts";
import { idsOf, recordOf } from "./harness.ts";
import { startValueShop, type ValueShop } from "./value-shop.ts";

let shop: ValueShop;
beforeAll(async () => {
  shop = await startValueShop();
});
afterAll(async () => {
  await shop.end();
});

describe("sponsored items and exposure floors", () => {
  const fair = {
    owner: "market",
    description: "The small one gets a quarter.",
    knobs: { "slots.sponsored_max": 1 },
    floors: [{ name: "zero", provider_id: "provider-0", min_share: 0.25 }],
  };
  interface Report {
    readonly groups: readonly { readonly group: string | null }[];
    readonly floors: readonly object[];
  }
  const report = (query: string) =>
    shop.call<Report>(`GET /v1/reports/exposure?${query}`);

  it("label and cap what is paid for, and lift whom the policy owes a share", async () => {
    await shop.put("slate_policies", { fair });
    await shop.setHome({ slate_policy: "fair" });
    const answer = await shop.list({
      k: 4,
      candidates: { exclude_ids: ["item-8"] },
    });
    expect(idsOf(answer)).toEqual(["item-11", "item-7", "item-6", "item-4"]);
    const [first, second] = answer.body.items;
    expect(first).toMatchObject({
      sponsored: true,
      reasons: [{ code: "sponsored", text: "Sponsored" }, {}],
    });
    expect(second).not.toHaveProperty("sponsored");
    const { meta } = answer.body;
    expect(meta.floors).toEqual([
      { floor: "zero", wanted: 1, found: 0, lifted: ["item-4"] },
    ]);
    const record = await recordOf(shop, meta.request_id);
    expect(record.floors).toEqual(meta.floors);
    const replayer = createReplayer({ ...shop, tenant: "demo" });
    expect(await replayer.replay(record)).toMatchObject({ identical: true });
    await shop.call("POST /v1/exposures", [
      { request_id: meta.request_id, item_ids: ["item-11", "item-7"] },
    ]);
    await shop.put("slate_policies", { fair: { ...fair, floors: [] } });
    expect((await shop.list({ k: 4 })).body.meta).not.toHaveProperty("floors");
    await shop.setHome({});
  });

  it("are measured", async () => {
    await shop.put("slate_policies", { fair });
    const from = encodeURIComponent(new Date().toISOString());
    await shop.setHome({ slate_policy: "fair" });
    const exclude_ids = ["item-8"];
    for (const seen of [["item-11", "item-4"], ["item-7"]]) {
      const { meta } = (await shop.list({ k: 4, candidates: { exclude_ids } }))
        .body;
      await recordOf(shop, meta.request_id);
      await shop.call("POST /v1/exposures", [
        { request_id: meta.request_id, item_ids: seen },
      ]);
    }
    const answer = await report(`by=provider&from=${from}`);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        by: "provider",
        groups: [
          { group: "provider-3", listed: 4, share: 0.5, exposed: 2 },
          { group: "provider-0", listed: 2, share: 0.25, exposed: 1 },
          { group: "provider-2", listed: 2, share: 0.25, exposed: 0 },
        ],
        floors: [
          {
            surface: "home",
            policy: "fair",
            floor: "zero",
            min_share: 0.25,
            listed: 2,
            share: 0.25,
            exposed: 1,
            is_met: true,
          },
        ],
      },
    });
    const paid = await report(`by=sponsored&from=${from}`);
    expect(paid.body.groups).toMatchObject([
      { group: "false", listed: 6 },
      { group: "true", listed: 2, share: 0.25 },
    ]);
    const brands = await report(`by=brand&from=${from}`);
    expect(brands.body.groups.map(({ group }) => group)).toContain("brand-1");
    await shop.setHome({});
  });

  it("are refused where they make no sense", async () => {
    expect(await report("by=colour")).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/query/by" }] },
    });
    const floors = [{ name: "x", where: "history.count > 3", min_share: 0.1 }];
    expect(
      await shop.put("slate_policies", { fair: { ...fair, floors } }),
    ).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/slate_policies/fair/floors/0/where" }] },
    });
  });
});
