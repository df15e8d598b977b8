import { DAY_MS, type RecommendResponse } from "@recsys/contracts";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { idsOf, items, startHarness, type Harness } from "./harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  await harness.call("POST /v1/items", [
    ...items(12),
    {
      item_id: "tomorrow",
      valid_from: new Date(Date.now() + DAY_MS).toISOString(),
    },
  ]);
});
afterEach(async () => {
  await put("rules", { rules: [] });
});
afterAll(async () => {
  await harness.end();
});

const put = (what: string, content: object) =>
  harness.call(`PUT /v1/admin/${what}`, content, {
    headers: { "if-match": "*" },
  });

const ask = (more: object = {}, route = "recommend") =>
  harness.call<RecommendResponse>(`POST /v1/${route}`, {
    ...(route === "similar" ? { item_id: "item-0" } : { surface: "home" }),
    k: 20,
    ...more,
  });

const ids = (count: number, last: readonly string[]) => [
  ...Array.from({ length: count - last.length }, (_, i) => `unknown-${i}`),
  ...last,
];

describe("a request for a list", () => {
  it("has 5000 included and excluded ids honoured to the last, and no more taken", async () => {
    const include_ids = ids(5000, ["item-3", "item-4"]);
    const included = await ask({ candidates: { include_ids } });
    expect(idsOf(included).sort()).toEqual(["item-3", "item-4"]);
    const exclude_ids = ids(
      5000,
      items(11).map((item) => String(item["item_id"])),
    );
    expect(idsOf(await ask({ candidates: { exclude_ids } }))).toEqual([
      "item-11",
    ]);
    for (const field of ["include_ids", "exclude_ids"]) {
      expect(
        await ask({ candidates: { [field]: ids(5001, []) } }),
      ).toMatchObject({
        status: 422,
        body: { errors: [{ path: `/candidates/${field}` }] },
      });
    }
  });

  it("takes k from 1 to 200 and up to 50 anchors", async () => {
    expect(idsOf(await ask({ k: 1 }))).toHaveLength(1);
    expect(idsOf(await ask({ k: 200 }))).toHaveLength(12);
    for (const k of [0, 201, 1.5]) {
      expect(await ask({ k })).toMatchObject({ status: 422 });
    }
    const anchors = (count: number) => ({
      anchors: { item_ids: ids(count, ["item-5"]) },
    });
    expect(idsOf(await ask(anchors(50)))).not.toContain("item-5");
    expect((await ask(anchors(51))).status).toBe(422);
  });

  it("counts recent_item_ids as seen, for a session that nobody knows too", async () => {
    const user = { session_id: "s1", recent_item_ids: ["item-7"] };
    expect(idsOf(await ask({ user }))).not.toContain("item-7");
  });

  it("repeats nothing of an answer for another placement", async () => {
    const first = await ask({ k: 5 });
    const exclude_request_ids = [first.body.meta.request_id];
    const second = await ask({ surface: "default", exclude_request_ids });
    const common = idsOf(second).filter((id) => idsOf(first).includes(id));
    expect(common).toEqual([]);
    expect(idsOf(second)).toHaveLength(7);
  });

  it("is answered for the time in context.now, which is a moment and the only one", async () => {
    const now = new Date(Date.now() + 2 * DAY_MS).toISOString();
    expect(idsOf(await ask())).not.toContain("tomorrow");
    expect(idsOf(await ask({ context: { now } }))).toContain("tomorrow");
    for (const more of [
      { context: { now: "soon" } },
      { context: { now: "2026-01-31T12:00" } },
      { context: { now }, options: { as_of: "2026-01-01T00:00:00Z" } },
    ]) {
      expect(await ask(more)).toMatchObject({
        status: 422,
        body: { errors: [{ path: "/context/now", code: "time" }] },
      });
    }
  });

  it("is answered with every knob and its layer on request", async () => {
    await put("config/knobs", { "new_items.weight": 0.4 });
    const options = { include_trace: true };
    const { body } = await ask({ options, knobs: { "content.weight": 0.3 } });
    const layers = new Map(
      body.knobs?.map(({ name, layer }) => [name, layer] as const),
    );
    expect(layers.get("new_items.weight")).toBe("namespace");
    expect(layers.get("content.weight")).toBe("request");
    expect(layers.get("popularity.weight")).toBe("default");
    expect((await ask()).body).not.toHaveProperty("knobs");
    await put("config/knobs", {});
  });
});

describe("the routes for similar items and for ranking again", () => {
  const rerank = { item_ids: ["item-1", "item-2", "item-3", "item-5"] };

  it.each([
    ["similar", {}],
    ["rerank", rerank],
  ])("%s keeps to constraints and rules, and explains", async (route, more) => {
    await put("rules", {
      rules: [
        {
          id: "no-five",
          action: "BLOCK",
          target: { item_ids: ["item-5"] },
          priority: 1,
          enabled: true,
          owner: "shop",
          reason: "test",
        },
      ],
    });
    const answer = await ask(
      {
        ...more,
        constraints: { all_of: ["odd"], where: "item.price < 7" },
        options: { explain: "full", why_not: ["item-5", "item-2"] },
      },
      route,
    );
    expect(idsOf(answer).sort()).toEqual(["item-1", "item-3"]);
    expect(answer.body.why_not?.map(({ reason }) => reason)).toEqual([
      "blocked:no-five",
      "lacks_all_of",
    ]);
    for (const item of answer.body.items) {
      const parts = item.explain ?? [];
      const sum = parts.reduce((total, part) => total + part.contribution, 0);
      expect(sum).toBeCloseTo(item.score, 12);
    }
  });
});

describe("surfaces", () => {
  const cart = {
    owner: "checkout",
    objective: "Add what goes with the cart.",
    primary_metric: "hit@10",
    guardrails: ["empty_rate"],
    default_k: 3,
    latency_budget_ms: 80,
    fallback: "home",
    knobs: {},
  };

  it("are registered one by one, under the version that the author saw", async () => {
    const before = await harness.call("GET /v1/admin/surfaces");
    const etag = String(before.headers["etag"]);
    const write = (ifMatch: string, body: object = cart) =>
      harness.call("PUT /v1/admin/surfaces/cart", body, {
        headers: { "if-match": ifMatch },
      });
    expect((await write(etag)).status).toBe(200);
    expect((await write(etag)).status).toBe(409);
    expect(await write("*", { ...cart, fallback: "nowhere" })).toMatchObject({
      status: 422,
      body: {
        errors: [{ path: "/surfaces/cart/fallback", code: "unknown_surface" }],
      },
    });
    expect(idsOf(await ask({ surface: "cart", k: undefined }))).toHaveLength(3);
    expect((await ask({ surface: "nowhere" })).status).toBe(404);
  });

  it("tell which fallback list steps in, and it does", async () => {
    const expires_at = "2036-01-01T00:00:00Z";
    const list = { owner: "shop", item_ids: ["item-9"], expires_at };
    const written = await put("fallbacks/home", list);
    expect(written.status).toBe(200);
    const { body } = await harness.call<{ items: object[] }>(
      "GET /v1/admin/surfaces",
    );
    expect(body.items).toContainEqual({
      surface: "cart",
      ...cart,
      fallback_list: {
        name: "home",
        owner: "shop",
        items: 1,
        expires_at,
        is_expired: false,
      },
    });
    const knobs = { "new_items.weight": 0, "content.weight": 0 };
    const answer = await ask({ surface: "cart", k: 1, knobs });
    expect(idsOf(answer)).toEqual(["item-9"]);
    expect(answer.body.meta.degraded).toContainEqual(
      expect.objectContaining({ part: "fallback" }),
    );
  });
});

describe("the list of decisions", () => {
  it("shows the segment that applied, though nobody asked for one", async () => {
    await put("config/segments", [
      {
        name: "everybody",
        owner: "shop",
        rule: { field: "history.count", op: "gte", value: 0 },
        knobs: {},
      },
    ]);
    const { body } = await ask();
    expect(body.meta.segment).toBe("everybody");
    await harness.call(`GET /v1/audit/decisions/${body.meta.request_id}`);
    const found = await harness.call<{ items: { segment: string }[] }>(
      "GET /v1/audit/decisions?segment=everybody",
    );
    expect(found.body.items[0]?.segment).toBe("everybody");
  });
});
