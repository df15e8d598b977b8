import type { DecisionRecord } from "@recsys/contracts";
import { ensureBanditDuty, workOffBandits } from "@recsys/pipelines";
import { learned } from "@recsys/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { idsOf } from "../../../packages/service/test/harness.ts";
import { eventually } from "../../../packages/service/test/publish.ts";
import {
  exploringShop,
  type ExploringShop,
} from "../../../tests/support/exploring-shop.ts";

let shop: ExploringShop;
beforeAll(async () => {
  shop = await exploringShop();
});
afterAll(async () => {
  await shop.harness.end();
});

const SLOTS = {
  "slots.exploration": 1,
  "slots.exploration_max_share": 0.5,
  "exploration.first_position": 3,
  "exploration.window_days": 3650,
};

describe("exploration slots, from request to changed choice", () => {
  it("draw an item on trial for a place, keep it for a user, and say why", async () => {
    await shop.put("exploration", {
      reward: { click: 0.5, purchase: 1 },
      window_hours: 2,
      exposure: "assumed",
      sticky: "user",
      period_hours: 24,
    });
    const off = await shop.decide("anna");
    expect(off.slate.every((item) => item.exploration === undefined)).toBe(
      true,
    );
    expect(off.request.units).toBeUndefined();
    await shop.put("knobs", SLOTS);
    const record = await shop.decide("anna");
    const again = await shop.decide("anna");
    const [, , third] = record.slate;
    expect(third?.exploration).toMatchObject({
      policy: "thompson",
      method: "exact",
      epsilon: 0.1,
    });
    const eligible = third?.exploration?.eligible ?? 0;
    expect(eligible).toBeGreaterThan(20);
    expect(third?.propensity).toBeCloseTo(1 / eligible, 12);
    expect(third?.reasons[0]).toMatchObject({
      code: "exploration_new",
      text: "New in the shop",
    });
    expect(again.slate[2]?.item_id).toBe(third?.item_id);
    const others = await Promise.all(
      ["bert", "cleo", "dora", "emil"].map((user) => shop.decide(user)),
    );
    const drawn = new Set(others.map(({ slate }) => slate[2]?.item_id));
    expect(drawn.size).toBeGreaterThan(1);
  });

  it("hold BLOCK rules, and pins keep their place", async () => {
    const rule = (id: string, action: string, target: object) => ({
      id,
      action,
      target,
      priority: 1,
      enabled: true,
      owner: "merch",
      reason: "test",
    });
    const write = (rules: object[]) =>
      shop.harness.call(
        "PUT /v1/admin/rules",
        { rules },
        { headers: { "if-match": "*" } },
      );
    await write([
      { ...rule("pin", "PIN", { item_ids: ["item-39"] }), position: 3 },
      rule("no-odd", "BLOCK", { tags: ["odd"] }),
    ]);
    // item-39 is odd, and blocked.
    const { slate } = await shop.decide("anna");
    expect(slate[2]?.exploration).toBeDefined();
    expect(
      slate.every(({ item_id }) => Number(item_id.slice(5)) % 2 === 0),
    ).toBe(true);
    await write([
      { ...rule("pin", "PIN", { item_ids: ["item-39"] }), position: 3 },
    ]);
    const pinned = await shop.decide("anna");
    expect(pinned.slate[2]?.item_id).toBe("item-39");
    expect(pinned.slate[2]?.exploration).toBeUndefined();
    expect(pinned.slate[3]?.exploration).toBeDefined();
    await write([]);
  });

  it("learn from matured decisions only, each once, and choose otherwise then; a replay finds what was known", async () => {
    const users = Array.from({ length: 60 }, (_, i) => `user-${i}`);
    const records: DecisionRecord[] = [];
    for (const user of users) records.push(await shop.decide(user));
    const favourite = records[0]?.slate[2]?.item_id ?? "";
    for (const [i, record] of records.entries()) {
      const drawn = record.slate[2]?.item_id ?? "";
      const user = users[i] ?? "";
      if (drawn === favourite)
        await shop.follow(record, {
          item_id: drawn,
          type: "purchase",
          user_id: user,
        });
      else if (i % 5 === 0)
        await shop.follow(record, {
          item_id: drawn,
          type: "click",
          user_id: user,
        });
    }
    expect(await shop.count(1)).toMatchObject({ counted: 0, error: null });
    const done = await shop.count(3);
    expect(done?.error).toBeNull();
    expect(done?.counted).toBeGreaterThanOrEqual(60);
    expect(await shop.count(3)).toMatchObject({ counted: 0, skipped: 0 });
    const posteriors = await shop.harness.store.inTenant("demo", (tx) =>
      learned.load(tx, "default"),
    );
    const arms = posteriors?.arms ?? [];
    expect(arms.reduce((sum, { trials }) => sum + trials, 0)).toBe(
      done?.counted,
    );
    const best = arms.find(({ arm }) => arm === favourite);
    const wins = records.filter(({ slate }) => slate[2]?.item_id === favourite);
    expect(best?.reward).toBe(wins.length);
    await eventually(async () => {
      const { versions } = await shop.decide("anna");
      return versions.posteriors_version === posteriors?.version;
    });
    // The probability of the favourite rises from 1 / eligible.
    const after = await Promise.all(
      Array.from({ length: 60 }, (_, i) => shop.decide(`late-${i}`)),
    );
    const chosen = after.filter(({ slate }) => slate[2]?.item_id === favourite);
    expect(chosen.length).toBeGreaterThan(0);
    const now = chosen[0]?.slate[2];
    expect(now?.exploration?.method).toBe("quadrature");
    expect(now?.propensity).toBeGreaterThan(
      3 * (records[0]?.slate[2]?.propensity ?? 1),
    );
    const old = await shop.replay(records[0] ?? (await shop.decide("anna")));
    expect(old).toMatchObject({ identical: true, difference: "" });
    const fresh = await shop.replay(chosen[0] ?? (await shop.decide("anna")));
    expect(fresh).toMatchObject({ identical: true, difference: "" });
    await expect(
      shop.replay({
        ...(chosen[0] ?? (await shop.decide("anna"))),
        versions: {
          ...(chosen[0] ?? (await shop.decide("anna"))).versions,
          posteriors_version: 99,
        },
      }),
    ).rejects.toMatchObject({
      code: "REPLAY_IMPOSSIBLE",
      message: "Gone: version 99 of posteriors.",
    });
  }, 120_000);

  it("replay the draw of a visitor who was not known yet", async () => {
    const record = await shop.decide("nobody-before");
    expect(record.request.units?.user).toBeTypeOf("number");
    expect(await shop.replay(record)).toMatchObject({ identical: true });
  });
});

describe("a starter profile", () => {
  it("leads for a newcomer, and fades as events arrive", async () => {
    await shop.put("knobs", {});
    await shop.put("segments", [
      {
        name: "newcomers",
        owner: "shop",
        rule: { field: "history.count", op: "lte", value: 20 },
        knobs: {
          "eligibility.exclude_seen": "none",
          "new_items.weight": 0.2,
          "popularity.weight": 0,
        },
        starter: { brands: { "brand-1": 0.6 }, tags: { odd: 0.5 } },
      },
    ]);
    const scoreOf = (
      answer: Awaited<ReturnType<ExploringShop["ask"]>>,
      id: string,
    ) => answer.body.items.find(({ item_id }) => item_id === id);
    const first = await shop.ask("newcomer", { options: { explain: "full" } });
    expect(first.body.meta.segment).toBe("newcomers");
    const [top] = first.body.items;
    // Odd and of brand 1: 1 − 0.4 × 0.5 = 0.8.
    expect(top?.explain?.find(({ part }) => part === "starter")).toMatchObject({
      raw: 0.8,
      weight: 1,
    });
    expect(idsOf(first).every((id) => Number(id.slice(5)) % 6 === 1)).toBe(
      true,
    );
    await shop.harness.call("POST /v1/events", [
      ...Array.from({ length: 10 }, (_, i) => ({
        user_id: "newcomer",
        type: "view",
        item_id: `item-${i}`,
      })),
    ]);
    const later = await shop.ask("newcomer", { options: { explain: "full" } });
    const same = scoreOf(later, top?.item_id ?? "")?.explain?.find(
      ({ part }) => part === "starter",
    );
    // Two times five events: a quarter.
    expect(same?.raw).toBeCloseTo(0.2, 12);
    const dry = await shop.harness.call<{
      newcomer: { items: { item_id: string; starter: number }[] };
    }>("POST /v1/admin/segments/dry-run", {
      rule: { field: "history.count", op: "lte", value: 20 },
      surface: "home",
      starter: { tags: { even: 0.7 } },
      knobs: { "popularity.weight": 0 },
    });
    expect(dry.status).toBe(200);
    for (const { item_id, starter } of dry.body.newcomer.items) {
      expect(starter).toBeCloseTo(
        Number(item_id.slice(5)) % 2 === 0 ? 0.7 : 0,
        12,
      );
    }
    expect(dry.body.newcomer.items[0]?.starter).toBe(0.7);
    const bad = await shop.put("segments", [
      {
        name: "x",
        owner: "shop",
        rule: { field: "history.count", op: "lte", value: 1 },
        knobs: {},
        starter: { brands: { a: 2 } },
      },
    ]);
    expect(bad.status).toBe(422);
  });
});

it("a tenant gets its duty once", async () => {
  await ensureBanditDuty(shop.harness.store, "other", 0);
  await ensureBanditDuty(shop.harness.store, "other", 0);
  expect(
    await workOffBandits({
      store: shop.harness.store,
      worker: "w",
      clock: Date.now,
    }),
  ).toMatchObject({ error: null });
});
