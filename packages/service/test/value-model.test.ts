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

describe("whose an item is, what it earns and who pays", () => {
  it("can be asked about in expressions", async () => {
    const where = (text: string) => shop.list({ constraints: { where: text } });
    const dear = await where("item.margin >= 0.5");
    expect(idsOf(dear).sort()).toEqual(["item-10", "item-11"]);
    const own = await where('item.provider_id = "provider-3"');
    expect(idsOf(own).sort()).toEqual(["item-11", "item-3", "item-7"]);
    const free = await where("not item.sponsored and item.price > 6");
    expect(idsOf(free).sort()).toEqual(["item-6", "item-7"]);
  });

  it("is in the catalogue, but the margin never in a list", async () => {
    const stored = await shop.call<{ items: object[] }>(
      "GET /v1/items?item_id=item-11",
    );
    const facts = { provider_id: "provider-3", sponsored: true };
    expect(stored.body.items[0]).toMatchObject({ ...facts, margin: 0.55 });
    const answer = await shop.list({
      candidates: { include_ids: ["item-11"] },
      options: { include_items: true },
    });
    const shown = answer.body.items[0]?.item;
    expect(shown).toMatchObject(facts);
    expect(shown).not.toHaveProperty("margin");
  });

  it("is refused where it means nothing", async () => {
    const answer = await shop.call<{ results: object[] }>("POST /v1/items", [
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

const EARN = {
  owner: "finance",
  description: "Of equals the one that earns more leads.",
  terms: { utility_margin: 1 },
};
const MIXED = {
  owner: "design",
  description: "One of each brand.",
  knobs: { "diversity.max_per_brand": 1 },
};

describe("policies", () => {
  const both = { utility_policy: "earn", slate_policy: "mixed" };

  it("decide what a surface lists, and are named where a list is explained", async () => {
    expect(await shop.put("utility_policies", { earn: EARN })).toMatchObject({
      status: 200,
    });
    await shop.put("slate_policies", { mixed: MIXED });
    expect((await shop.setHome(both)).status).toBe(200);
    const answer = await shop.list({ k: 3, options: { explain: "full" } });
    expect(idsOf(answer)).toEqual(["item-11", "item-10", "item-6"]);
    expect(answer.body.items[0]?.explain).toContainEqual({
      part: "utility_margin",
      raw: 0.55,
      weight: 1,
      contribution: 0.55,
    });
    const { meta } = answer.body;
    expect(meta.policies).toMatchObject({
      utility: { name: "earn" },
      slate: { name: "mixed" },
    });
    const record = await recordOf(shop, meta.request_id);
    expect(record.policies).toEqual(meta.policies);
    const validated = await shop.call("POST /v1/recommend/validate", {
      surface: "home",
    });
    expect(validated.body).toMatchObject({ policies: meta.policies });
    await shop.setHome({});
    expect((await shop.list()).body.meta.policies.utility).toBe(null);
    const replayer = createReplayer({ ...shop, tenant: "demo" });
    const replay = await replayer.replay(record);
    expect(replay).toMatchObject({ identical: true, versions: {} });
    expect(replay.result.policies).toEqual(meta.policies);
    const { config_version: version } = (await shop.list()).body.meta;
    const config = Number.parseInt(version, 10);
    const today = await replayer.replay(record, { config });
    expect(today.versions).toMatchObject({
      policies: {
        recorded: meta.policies,
        replayed: { utility: null, slate: null },
      },
    });
  });

  it("are refused where a surface calls one that is not there, or that goes", async () => {
    const wrong = await shop.setHome({ utility_policy: "ern" });
    expect(wrong).toMatchObject({
      status: 422,
      body: {
        errors: [
          { path: "/surfaces/home/utility_policy", code: "unknown_policy" },
        ],
      },
    });
    expect((await shop.setHome(both)).status).toBe(200);
    expect(await shop.put("utility_policies", {})).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/surfaces/home/utility_policy" }] },
    });
    await shop.setHome({});
    expect(await shop.put("utility_policies", {})).toMatchObject({
      status: 200,
    });
  });

  it("are refused with unknown terms, fields and knobs of others", async () => {
    const bad = { ...EARN, terms: { utility_fame: 1 }, colour: "red" };
    expect(await shop.put("utility_policies", { bad })).toMatchObject({
      status: 422,
      body: {
        errors: [
          { path: "/utility_policies/bad/colour", code: "unknown_field" },
        ],
      },
    });
    const knobs = { "ials.weight": 2 };
    expect(
      await shop.put("slate_policies", { bad: { ...MIXED, knobs } }),
    ).toMatchObject({
      status: 422,
      body: {
        errors: [
          {
            path: "/slate_policies/bad/knobs/ials.weight",
            code: "not_of_slate",
          },
        ],
      },
    });
  });
});
