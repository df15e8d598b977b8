import type {
  Bandit,
  DecisionRecord,
  RecommendResponse,
} from "@recsys/contracts";
import { HOUR_MS, MINUTE_MS } from "@recsys/contracts";
import { ensureBanditDuty, workOffBandits } from "@recsys/pipelines";
import { learned, scheduleObligation } from "@recsys/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createReplayer } from "@recsys/service";
import {
  idsOf,
  items,
  recordOf,
  startHarness,
  type Harness,
} from "../../../packages/service/test/harness.ts";
import { eventually } from "../../../packages/service/test/publish.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  await harness.call("POST /v1/items", items(40));
});
afterAll(async () => {
  await harness.end();
});

const put = (section: string, content: unknown) =>
  harness.call<{ errors?: { path: string; code: string }[] }>(
    `PUT /v1/admin/config/${section}`,
    content,
    { headers: { "if-match": "*" } },
  );
const ask = (user: string, more: object = {}) =>
  harness.call<RecommendResponse>("POST /v1/recommend", {
    surface: "home",
    k: 6,
    user: { user_id: user },
    ...more,
  });
/** The decision as it is stored. */
const decide = async (
  user: string,
  more: object = {},
): Promise<DecisionRecord> =>
  recordOf(harness, (await ask(user, more)).body.meta.request_id);
const count = async (hoursLater: number) => {
  const now = Date.now() + hoursLater * HOUR_MS;
  await harness.store.inTenant("demo", (tx) =>
    scheduleObligation(tx, {
      kind: "bandits",
      subject: "count",
      dueAt: Date.now() - MINUTE_MS,
      payload: {},
    }),
  );
  return workOffBandits({
    store: harness.store,
    worker: "test",
    clock: () => now,
    batchRows: 7,
  });
};
const outcome = (
  record: DecisionRecord,
  item_id: string,
  type: string,
  user: string,
) =>
  harness.call("POST /v1/outcomes", [
    { request_id: record.request_id, item_id, type, user_id: user },
  ]);
const replayer = () =>
  createReplayer({
    store: harness.store,
    tenant: "demo",
    objects: harness.objects,
  });

const SLOTS = {
  "slots.exploration": 1,
  "slots.exploration_max_share": 0.5,
  "exploration.first_position": 3,
  "exploration.window_days": 3650,
};

describe("exploration slots, from request to changed choice", () => {
  it("draw an item on trial for a place, keep it for a user, and say why", async () => {
    await put("exploration", {
      reward: { click: 0.5, purchase: 1 },
      window_hours: 2,
      exposure: "assumed",
      sticky: "user",
      period_hours: 24,
    });
    const off = await decide("anna");
    expect(off.slate.every((item) => item.exploration === undefined)).toBe(
      true,
    );
    expect(off.request.units).toBeUndefined();
    await put("knobs", SLOTS);
    const record = await decide("anna");
    const again = await decide("anna");
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
      ["bert", "cleo", "dora", "emil"].map((user) => decide(user)),
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
      harness.call(
        "PUT /v1/admin/rules",
        { rules },
        { headers: { "if-match": "*" } },
      );
    await write([
      { ...rule("pin", "PIN", { item_ids: ["item-39"] }), position: 3 },
      rule("no-odd", "BLOCK", { tags: ["odd"] }),
    ]);
    // item-39 is odd, and blocked.
    const { slate } = await decide("anna");
    expect(slate[2]?.exploration).toBeDefined();
    expect(
      slate.every(({ item_id }) => Number(item_id.slice(5)) % 2 === 0),
    ).toBe(true);
    await write([
      { ...rule("pin", "PIN", { item_ids: ["item-39"] }), position: 3 },
    ]);
    const pinned = await decide("anna");
    expect(pinned.slate[2]?.item_id).toBe("item-39");
    expect(pinned.slate[2]?.exploration).toBeUndefined();
    expect(pinned.slate[3]?.exploration).toBeDefined();
    await write([]);
  });

  it("learn from matured decisions only, each once, and choose otherwise then; a replay finds what was known", async () => {
    const users = Array.from({ length: 60 }, (_, i) => `user-${i}`);
    const records: DecisionRecord[] = [];
    for (const user of users) records.push(await decide(user));
    const favourite = records[0]?.slate[2]?.item_id ?? "";
    for (const [i, record] of records.entries()) {
      const drawn = record.slate[2]?.item_id ?? "";
      const user = users[i] ?? "";
      if (drawn === favourite) await outcome(record, drawn, "purchase", user);
      else if (i % 5 === 0) await outcome(record, drawn, "click", user);
    }
    expect(await count(1)).toMatchObject({ counted: 0, error: null });
    const done = await count(3);
    expect(done?.error).toBeNull();
    expect(done?.counted).toBeGreaterThanOrEqual(60);
    expect(await count(3)).toMatchObject({ counted: 0, skipped: 0 });
    const posteriors = await harness.store.inTenant("demo", (tx) =>
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
      const { versions } = await decide("anna");
      return versions.posteriors_version === posteriors?.version;
    });
    // The probability of the favourite rises from 1 / eligible.
    const after = await Promise.all(
      Array.from({ length: 60 }, (_, i) => decide(`late-${i}`)),
    );
    const chosen = after.filter(({ slate }) => slate[2]?.item_id === favourite);
    expect(chosen.length).toBeGreaterThan(0);
    const now = chosen[0]?.slate[2];
    expect(now?.exploration?.method).toBe("quadrature");
    expect(now?.propensity).toBeGreaterThan(
      3 * (records[0]?.slate[2]?.propensity ?? 1),
    );
    const old = await replayer().replay(records[0] ?? (await decide("anna")));
    expect(old).toMatchObject({ identical: true, difference: "" });
    const fresh = await replayer().replay(chosen[0] ?? (await decide("anna")));
    expect(fresh).toMatchObject({ identical: true, difference: "" });
    await expect(
      replayer().replay({
        ...(chosen[0] ?? (await decide("anna"))),
        versions: {
          ...(chosen[0] ?? (await decide("anna"))).versions,
          posteriors_version: 99,
        },
      }),
    ).rejects.toMatchObject({
      code: "REPLAY_IMPOSSIBLE",
      message: "Gone: version 99 of posteriors.",
    });
  }, 120_000);

  it("replay the draw of a visitor who was not known yet", async () => {
    const record = await decide("nobody-before");
    expect(record.request.units?.user).toBeTypeOf("number");
    expect(await replayer().replay(record)).toMatchObject({ identical: true });
  });
});

const bandit: Bandit = {
  id: "blend",
  owner: "shop",
  surface: "similar",
  kind: "thompson",
  arms: [
    { name: "relevant", knobs: { "diversity.mmr_lambda": 1 } },
    { name: "varied", knobs: { "diversity.mmr_lambda": 0.3 } },
  ],
  epsilon: 0.2,
  reward: { click: 1 },
  window_hours: 1,
  exposure: "confirmed",
  sticky: "request",
  period_hours: 1,
};
const similar = () =>
  harness.call<RecommendResponse>("POST /v1/similar", {
    item_id: "item-1",
    k: 4,
  });

describe("a bandit over bundles of knobs", () => {
  beforeAll(async () => {
    await put("knobs", {});
    await count(3);
  });

  it("applies its arm in the layer of experiments, and says so", async () => {
    expect((await put("bandits", [bandit])).status).toBe(200);
    const { meta } = (await similar()).body;
    const [chosen] = meta.bandits ?? [];
    expect(chosen).toEqual({
      id: "blend",
      arm: expect.stringMatching(/relevant|varied/) as string,
      propensity: 0.5,
      method: "exact",
    });
    const record = await recordOf(harness, meta.request_id);
    expect(record.bandits?.[0]).toMatchObject({
      arm: chosen?.arm,
      eligible: 2,
    });
    expect(await replayer().replay(record)).toMatchObject({ identical: true });
  });

  it("counts what was seen: no exposure, no trial; no outcome, no reward", async () => {
    const records: DecisionRecord[] = [];
    for (let i = 0; i < 30; i++) {
      const { meta } = (await similar()).body;
      records.push(await recordOf(harness, meta.request_id));
    }
    const seen = records.slice(0, 20);
    for (const record of seen) {
      const [first] = record.slate;
      const item = first?.item_id ?? "";
      await harness.call("POST /v1/exposures", [
        { request_id: record.request_id, item_ids: [item] },
      ]);
      if (record.bandits?.[0]?.arm === "varied") {
        await outcome(record, item, "click", "zoe");
      }
    }
    const done = await count(2);
    expect(done?.counted).toBe(20);
    expect(done?.skipped).toBeGreaterThanOrEqual(10);
    const state = await harness.store.inTenant("demo", (tx) =>
      learned.load(tx, "default"),
    );
    const armOf = (name: string) =>
      state?.arms.find((arm) => arm.bandit === "blend" && arm.arm === name);
    const varied = seen.filter(
      (record) => record.bandits?.[0]?.arm === "varied",
    );
    expect(armOf("varied")).toMatchObject({
      trials: varied.length,
      reward: varied.length,
    });
    expect(armOf("relevant")).toMatchObject({
      trials: 20 - varied.length,
      reward: 0,
    });
    await eventually(async () => {
      const [choice] = (await similar()).body.meta.bandits ?? [];
      return choice?.method === "quadrature";
    });
  });

  it("is checked like the rest of the configuration", async () => {
    const wrong = [
      { ...bandit, surface: "nowhere", segment: "nobody" },
      {
        ...bandit,
        id: "second",
        kind: "linucb",
        features: [{ name: "vip", when: "user.nothing = true" }],
        reward: { teleport: 1 },
        arms: [
          { name: "a", knobs: { "no.such": 1 } },
          { name: "a", knobs: { "diversity.mmr_lambda": 0.1 } },
        ],
      },
      { ...bandit, features: [{ name: "x", value: "1" }] },
    ];
    const { status, body } = await put("bandits", wrong);
    expect(status).toBe(422);
    expect(body.errors?.map(({ path, code }) => [path, code])).toEqual([
      ["/bandits/0/surface", "unknown_surface"],
      ["/bandits/0/segment", "unknown_segment"],
      ["/bandits/1/arms/1/name", "repeated"],
      ["/bandits/1/arms/0/knobs/no.such", "unknown_knob"],
      ["/bandits/1/reward/teleport", "unknown_event_type"],
      ["/bandits/1/features/0/when", "expression"],
      ["/bandits/2/features", "unused"],
      ["/bandits/2/id", "repeated"],
      ["/bandits/2/arms/0/knobs/diversity.mmr_lambda", "conflict"],
      ["/bandits/2/arms/1/knobs/diversity.mmr_lambda", "conflict"],
    ]);
    const shape = await put("bandits", [{ ...bandit, epsilon: 2, extra: 1 }]);
    expect(shape.status).toBe(422);
  });
});

describe("a starter profile", () => {
  it("leads for a newcomer, and fades as events arrive", async () => {
    await put("knobs", {});
    await put("segments", [
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
    const scoreOf = (answer: Awaited<ReturnType<typeof ask>>, id: string) =>
      answer.body.items.find(({ item_id }) => item_id === id);
    const first = await ask("newcomer", { options: { explain: "full" } });
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
    await harness.call("POST /v1/events", [
      ...Array.from({ length: 10 }, (_, i) => ({
        user_id: "newcomer",
        type: "view",
        item_id: `item-${i}`,
      })),
    ]);
    const later = await ask("newcomer", { options: { explain: "full" } });
    const same = scoreOf(later, top?.item_id ?? "")?.explain?.find(
      ({ part }) => part === "starter",
    );
    // Two times five events: a quarter.
    expect(same?.raw).toBeCloseTo(0.2, 12);
    const bad = await put("segments", [
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
  await ensureBanditDuty(harness.store, "other", 0);
  await ensureBanditDuty(harness.store, "other", 0);
  expect(
    await workOffBandits({
      store: harness.store,
      worker: "w",
      clock: Date.now,
    }),
  ).toMatchObject({ error: null });
});
