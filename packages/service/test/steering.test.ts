import { HOUR_MS, type RecommendResponse } from "@recsys/contracts";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { idsOf, items, startHarness, type Harness } from "./harness.ts";

let now = Date.now();
const harness: Harness = await startHarness({ deps: { clock: () => now } });
await harness.call("POST /v1/items", items(12));
afterAll(async () => {
  await harness.end();
});
beforeEach(async () => {
  now = Date.now();
  await put({ rules: [] });
});

const list = (more: object = {}) =>
  harness.call<RecommendResponse>("POST /v1/recommend", {
    surface: "home",
    k: 5,
    ...more,
  });

const put = (set: object) =>
  harness.call("PUT /v1/admin/rules", set, { headers: { "if-match": "*" } });

const time = (hours: number) => new Date(now + hours * HOUR_MS).toISOString();

const rule = (id: string, facts: object) => ({
  id,
  action: "PIN",
  target: { item_ids: ["item-7"] },
  priority: 1,
  enabled: true,
  owner: "shop",
  reason: "test",
  ...facts,
});

const campaign = {
  id: "spring",
  title: "Spring",
  owner: "shop",
  enabled: true,
  valid_until: time(24),
};
const picks = {
  id: "picks",
  title: "Picks",
  owner: "shop",
  item_ids: ["item-9", "item-8"],
  expires_at: time(24),
};

describe("a campaign with a list", () => {
  const pinned = rule("pin", { target: { list: "picks" }, campaign: "spring" });

  it("acts while it lasts", async () => {
    const written = await put({
      rules: [pinned],
      campaigns: [campaign],
      lists: [picks],
    });
    expect(written.status).toBe(200);
    expect(idsOf(await list()).slice(0, 2)).toEqual(["item-9", "item-8"]);
    now += 25 * HOUR_MS;
    expect(idsOf(await list())[0]).not.toBe("item-9");
  });

  it("does nothing while it is off", async () => {
    await put({
      rules: [pinned],
      campaigns: [{ ...campaign, enabled: false }],
      lists: [picks],
    });
    expect(idsOf(await list())[0]).not.toBe("item-9");
  });

  it("must exist", async () => {
    expect(await put({ rules: [pinned] })).toMatchObject({
      status: 422,
      body: {
        errors: [
          { path: "/rules/0/campaign", code: "unknown_campaign" },
          { path: "/rules/0/target/list", code: "unknown_list" },
        ],
      },
    });
  });
});

describe("a manual override", () => {
  const create = (facts: object) =>
    harness.call<{ id: string }>("POST /v1/admin/manual_overrides", {
      action: "suppress",
      item_id: "item-0",
      ttl_seconds: 3600,
      reason: "recalled",
      ...facts,
    });

  it("suppresses an item until its time is over", async () => {
    expect(idsOf(await list())).toContain("item-0");
    const made = await create({});
    expect(made).toMatchObject({
      status: 201,
      body: { author: expect.any(String) as string, expires_at: time(1) },
    });
    expect(idsOf(await list())).not.toContain("item-0");
    now += 2 * HOUR_MS;
    expect(idsOf(await list())).toContain("item-0");
    const listed = await harness.call("GET /v1/admin/manual_overrides");
    expect(listed.body).toEqual({ items: [] });
  });

  it("boosts an item above all rules until it is ended", async () => {
    await put({
      rules: [
        rule("bury", { action: "BURY", target: { item_ids: ["item-7"] } }),
      ],
    });
    const made = await create({
      action: "boost",
      item_id: "item-7",
      amount: 5,
    });
    expect(idsOf(await list())[0]).toBe("item-7");
    const ended = await harness.call(
      `DELETE /v1/admin/manual_overrides/${made.body.id}`,
    );
    expect(ended.status).toBe(200);
    expect(idsOf(await list())[0]).not.toBe("item-7");
    const again = await harness.call(
      `DELETE /v1/admin/manual_overrides/${made.body.id}`,
    );
    expect(again.status).toBe(404);
  });
});

describe("test cases of a rule set", () => {
  const one = (facts: object) => ({
    name: "the pin is first",
    covers: ["pin"],
    request: { surface: "home", k: 3 },
    expect: { positions: { "item-7": 1 }, absent: ["item-8"] },
    ...facts,
  });

  it("let a set go live that passes", async () => {
    const written = await put({
      rules: [rule("pin", { severity: "critical" })],
      cases: [one({})],
    });
    expect(written.status).toBe(200);
    expect(idsOf(await list())[0]).toBe("item-7");
  });

  it("keep a set back that fails, and a critical rule without one", async () => {
    const failing = await put({
      rules: [rule("pin", { position: 2 })],
      cases: [one({})],
    });
    expect(failing).toMatchObject({
      status: 422,
      body: {
        code: "RULE_CASES_FAILED",
        errors: [
          {
            path: "/cases/0",
            code: "case_failed",
            message: "item-7 is at 2 instead of at 1",
          },
        ],
      },
    });
    const missing = await put({
      rules: [rule("pin", { severity: "critical" })],
    });
    expect(missing).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/rules/0", code: "case_missing" }] },
    });
    expect(idsOf(await list())[0]).not.toBe("item-7");
  });
});

describe("a dry run", () => {
  it("tells what would change for a request and for recorded traffic", async () => {
    for (let i = 0; i < 12; i++) {
      await list({ user: { user_id: `user-${i % 3}` } });
    }
    await harness.restart();
    const answer = await harness.call<{
      request: { before: object[]; after: object[] };
      traffic: Record<string, unknown>;
    }>("POST /v1/admin/rules/dry-run", {
      rules: {
        rules: [
          rule("pin", {}),
          rule("none", { target: { tags: ["nothing"] }, position: 2 }),
        ],
      },
      request: { surface: "home", k: 3 },
      sample: { size: 10 },
    });
    expect(answer.body).toMatchObject({
      conflicts: [{ kind: "never_matching", rules: ["none"] }],
      cases: [],
      request: {
        after: [{ item_id: "item-7", rule_id: "pin" }, {}, {}],
        gained: ["item-7"],
        rules: [{ id: "pin", applied: 1, listed: 1 }],
      },
      traffic: {
        requests: 10,
        changed_lists: 10,
        first_item_changed: 10,
        by_surface: [{ surface: "home", segment: null, changed: 10 }],
        rules: [{ id: "pin", requests: 10, applied: 10, listed: 10 }],
        most_gained: [{ item_id: "item-7", requests: 10 }],
      },
    });
    // Nothing became live.
    expect(idsOf(await list())[0]).not.toBe("item-7");
  });
});

describe("versions of the rules", () => {
  it("show what differs", async () => {
    const first = await put({ rules: [rule("a", {}), rule("b", {})] });
    await put({ rules: [rule("a", { priority: 2 }), rule("c", {})] });
    const from = Number(String(first.body["version"]).split("-")[0]);
    const diff = await harness.call(`GET /v1/admin/rules/diff?from=${from}`);
    expect(diff.body).toMatchObject({
      added: [{ part: "rules", id: "c" }],
      removed: [{ part: "rules", id: "b" }],
      changed: [{ part: "rules", id: "a", before: { priority: 1 } }],
    });
  });
});

describe("the report on rules", () => {
  it("counts what each did, and names those that did nothing", async () => {
    const from = new Date(now - 1000).toISOString();
    await put({
      rules: [
        rule("seen", {}),
        rule("none", { target: { tags: ["nothing"] } }),
      ],
    });
    const first = await list();
    await list();
    await harness.call("POST /v1/exposures", [
      { request_id: first.body.meta.request_id, item_ids: ["item-7"] },
    ]);
    await harness.restart();
    const report = await harness.call<{ rules: { action: string | null }[] }>(
      `GET /v1/reports/rules?from=${encodeURIComponent(from)}`,
    );
    expect(report.body.rules.filter(({ action }) => action !== null)).toEqual([
      {
        id: "none",
        action: "PIN",
        requests: 0,
        applied: 0,
        listed: 0,
        exposed: 0,
        zero_effect: true,
      },
      {
        id: "seen",
        action: "PIN",
        requests: 2,
        applied: 2,
        listed: 2,
        exposed: 1,
        zero_effect: false,
      },
    ]);
  });
});
