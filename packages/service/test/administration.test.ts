import type { RecommendResponse } from "@recsys/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { idsOf, items, startHarness, type Harness } from "./harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  await harness.call("POST /v1/items", items(12));
});
afterAll(async () => {
  await harness.end();
});

async function put(url: string, change: (content: never) => unknown) {
  const live = await harness.call<{ content: never }>(`GET ${url}`);
  return harness.call(`PUT ${url}`, change(live.body.content), {
    headers: { "if-match": String(live.headers["etag"]) },
  });
}

const list = () =>
  harness.call<RecommendResponse>("POST /v1/recommend", {
    surface: "home",
    k: 12,
  });

describe("configuration", () => {
  it("changes by section, needs If-Match, and refuses an old one", async () => {
    const url = "/v1/admin/config/knobs";
    const live = await harness.call(`GET ${url}`);
    const etag = String(live.headers["etag"]);
    const knobs = { "diversity.max_per_brand": 2 };
    expect(await harness.call(`PUT ${url}`, knobs)).toMatchObject({
      status: 428,
      body: { code: "PRECONDITION_REQUIRED" },
    });
    const headers = { "if-match": etag };
    const changed = await harness.call(`PUT ${url}`, knobs, { headers });
    expect(changed.status).toBe(200);
    expect(await harness.call(`PUT ${url}`, {}, { headers })).toMatchObject({
      status: 409,
      body: { code: "VERSION_CONFLICT" },
    });
    // It serves before it is answered, and the answer names it.
    const served = await list();
    expect(served.body.meta.config_version).toBe(changed.body["version"]);
    expect(served.body.meta.diversity.distinct_brands).toBe(3);
  });

  it("of two sections may change at the same time", async () => {
    const [ingest, types] = await Promise.all([
      put("/v1/admin/config/ingest", (content: object) => ({
        ...content,
        late_after_hours: 1,
      })),
      put("/v1/admin/config/event_types", (content: object) => ({
        ...content,
        share: {
          weight: 3,
          half_life_days: 30,
          sign: "positive",
          attribution_window_hours: 1,
          attribution_rule: "any_exposure",
        },
      })),
    ]);
    expect([ingest.status, types.status]).toEqual([200, 200]);
    const whole = await harness.call<{
      content: { ingest: object; event_types: object };
    }>("GET /v1/admin/config");
    expect(whole.body.content.ingest).toMatchObject({ late_after_hours: 1 });
    expect(whole.body.content.event_types).toHaveProperty("share");
  });

  it("takes any number of writes at a time from those who want whatever is live replaced", async () => {
    const writes = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        harness.call(
          `PUT /v1/admin/config/${i % 2 === 0 ? "knobs" : "ingest"}`,
          i % 2 === 0
            ? { "popularity.weight": i / 20 }
            : {
                unknown_surface: "reject",
                late_after_hours: i,
                future_tolerance_minutes: 1,
              },
          { headers: { "if-match": "*" } },
        ),
      ),
    );
    expect(writes.map(({ status }) => status)).toEqual(writes.map(() => 200));
    const versions = writes.map(({ body }) => body["version"]);
    expect(new Set(versions).size).toBe(20);
  });

  it("names everything that is wrong with a section", async () => {
    const answer = await put("/v1/admin/config/knobs", () => ({
      "no.such": 1,
      "diversity.max_per_brand": -1,
    }));
    expect(answer).toMatchObject({
      status: 422,
      body: {
        errors: [
          { path: "/knobs/no.such", code: "unknown_knob" },
          { path: "/knobs/diversity.max_per_brand", code: "range" },
        ],
      },
    });
  });

  it("goes back with one call", async () => {
    const before = await harness.call<{ content: { knobs: object } }>(
      "GET /v1/admin/config",
    );
    await put("/v1/admin/config/knobs", () => ({ "popularity.weight": 2 }));
    const back = await harness.call("POST /v1/admin/config/rollback", {
      reason: "worse",
    });
    expect(back.status).toBe(200);
    const after = await harness.call<{ content: object }>(
      "GET /v1/admin/config",
    );
    expect(after.body.content).toEqual(before.body.content);
    const history = await harness.call<{
      versions: { reason: string; live: boolean }[];
    }>("GET /v1/admin/config/history");
    expect(history.body.versions[0]).toMatchObject({
      reason: "worse",
      live: true,
    });
    const audit = await harness.call<{ items: { actor: string }[] }>(
      "GET /v1/admin/audit?limit=2",
    );
    expect(audit.body.items[0]?.actor).toBe("dev");
  });
});

describe("the catalogue schema", () => {
  it("lets a field be added, used and deprecated", async () => {
    const colour = (value: unknown) =>
      harness.call<{ results: { status: string; warnings?: string[] }[] }>(
        "POST /v1/items",
        [{ item_id: "item-1", attributes: { colour: value } }],
      );
    const declare = (field: object) =>
      put("/v1/admin/config/schema", (content: object) => ({
        ...content,
        attributes: { colour: field },
      }));
    expect((await colour("red")).body.results[0]).toMatchObject({
      status: "rejected",
      errors: [{ path: "/attributes/colour", code: "undeclared" }],
    });
    expect((await declare({ type: "string" })).status).toBe(200);
    expect((await colour("red")).body.results[0]?.status).toBe("accepted");
    expect((await colour(7)).body.results[0]).toMatchObject({
      status: "rejected",
      errors: [{ path: "/attributes/colour", code: "type" }],
    });
    await declare({
      type: "string",
      deprecated: { since: "2026-03-01", use: "tags" },
    });
    expect((await colour("blue")).body.results[0]).toMatchObject({
      status: "accepted",
      warnings: ["/attributes/colour is deprecated since 2026-03-01; use tags"],
    });
    const metrics = await harness.call<string>("GET /metrics");
    expect(metrics.body).toContain(
      'recsys_deprecated_uses_total{tenant="demo",key="attributes.colour"} 1',
    );
  });
});

describe("rules and fallback lists", () => {
  it("take effect before the answer, and refuse parts that would be ignored", async () => {
    const rule = {
      id: "no-odd",
      action: "BLOCK",
      target: { tags: ["odd"] },
      priority: 1,
      enabled: true,
      owner: "merch",
      reason: "season",
    };
    const bad = await put("/v1/admin/rules", () => ({
      rules: [
        { ...rule, position: 1, segment: "vip" },
        { ...rule, surface: "moon" },
      ],
    }));
    const { errors } = bad.body as { errors: { path: string }[] };
    expect(errors.map(({ path }) => path)).toEqual([
      "/rules/0/position",
      "/rules/0/segment",
      "/rules/1/surface",
      "/rules/1/id",
    ]);
    const good = await put("/v1/admin/rules", () => ({ rules: [rule] }));
    expect(good.status).toBe(200);
    const served = await list();
    expect(served.body.meta.rules_version).toBe(good.body["version"]);
    const ids = idsOf(served);
    expect(ids.every((id) => Number(id.slice(5)) % 2 === 0)).toBe(true);
  });

  it("check a fallback list item by item", async () => {
    const url = "/v1/admin/fallbacks/home";
    const list = { owner: "merch", expires_at: "2099-01-01T00:00:00Z" };
    const bad = await harness.call(`PUT ${url}`, {
      ...list,
      item_ids: ["item-2", "never", "item-1", "item-2"],
    });
    expect(bad).toMatchObject({
      status: 422,
      body: {
        code: "FALLBACK_INVALID",
        errors: [
          { path: "/item_ids/1", message: "is not in the catalogue" },
          { path: "/item_ids/2", message: "is blocked by rule no-odd" },
          { path: "/item_ids/3", message: "is in the list already" },
        ],
      },
    });
    const good = await harness.call(`PUT ${url}`, {
      ...list,
      item_ids: ["item-2", "item-4"],
    });
    expect(good.status).toBe(200);
    expect((await harness.call(`GET ${url}`)).body).toMatchObject({
      content: { item_ids: ["item-2", "item-4"], source: "manual" },
    });
  });
});
