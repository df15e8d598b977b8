import type { RecommendResponse, RuleSet } from "@recsys/contracts";
import { shipDecisions } from "@recsys/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { items, recordOf, startHarness, type Harness } from "./harness.ts";

let harness: Harness;
const MATCH = { headers: { "if-match": "*" } };
const IN_A_WEEK = new Date(Date.now() + 7 * 86_400_000).toISOString();

beforeAll(async () => {
  harness = await startHarness();
  await harness.call("POST /v1/items", items(8));
  const schema = await harness.call(
    "PUT /v1/admin/config/schema",
    {
      attributes: {},
      traits: { age_group: { type: "string" } },
      context: {},
    },
    MATCH,
  );
  expect(schema.status).toBe(200);
  const policy = await harness.call(
    "PUT /v1/admin/config/policy_labels",
    {
      age_trait: "age_group",
      labels: {
        violence: {
          name: "Violence",
          description: "Shows people being hurt.",
          owner: "trust",
          threshold: 0.6,
          age_groups: { adult: 0.9, child: 0.2 },
        },
      },
    },
    MATCH,
  );
  expect(policy.status).toBe(200);
});
afterAll(async () => {
  await harness.end();
});

const ask = (age_group?: string) =>
  harness.call<RecommendResponse>("POST /v1/recommend", {
    surface: "home",
    k: 8,
    user: {
      user_id: "anna",
      ...(age_group === undefined ? {} : { traits: { age_group } }),
    },
    options: { why_not: ["item-1", "item-2"] },
  });
const reasonOf = async (at: number, age?: string) =>
  (await ask(age)).body.why_not?.[at]?.reason;

const as = (who: string) => ({ headers: { "x-dev-user": who } });
const decide = (taskId: string, body: object, who: string) =>
  harness.call(`POST /v1/moderation/tasks/${taskId}/decision`, body, as(who));
const appeal = (taskId: string) =>
  harness.call(
    `POST /v1/moderation/tasks/${taskId}/appeal`,
    { note: "a toy" },
    as("maker"),
  );
const report = (item_id: string, label = "violence") =>
  harness.call<{ task_id: string; reports: number; state: string }>(
    "POST /v1/reports",
    { item_id, label, note: "looks real" },
  );

describe("the content policy", () => {
  it("keeps out by the classifier's score, the surface and the age", async () => {
    await harness.call("POST /v1/items", [
      { item_id: "item-1", labels: { violence: 0.5 } },
    ]);
    expect(await reasonOf(0, "adult")).toBe("listed");
    expect(await reasonOf(0, "child")).toBe("policy_label:violence");
    expect(await reasonOf(0)).toBe("policy_label:violence");
    const wrong = await harness.call<{ rejected: number }>("POST /v1/items", [
      { item_id: "item-1", labels: { violence: 1.5 } },
    ]);
    expect(wrong.body.rejected).toBe(1);
  });

  it("takes reports, decisions and one appeal, and acts on each at once", async () => {
    const opened = await report("item-2");
    expect(opened).toMatchObject({
      status: 201,
      body: { state: "open", reports: 1 },
    });
    expect((await report("item-2")).body).toMatchObject({
      task_id: opened.body.task_id,
      reports: 2,
    });
    const id = opened.body.task_id;
    const upheld = {
      decision: "upheld",
      reason: "blood",
      expires_at: IN_A_WEEK,
    };
    expect(await decide(id, upheld, "ada")).toMatchObject({
      status: 200,
      body: { state: "upheld", decided_by: "ada", expires_at: IN_A_WEEK },
    });
    expect(await reasonOf(1, "adult")).toBe("policy_label:violence");
    const again = await decide(id, upheld, "ada");
    expect(again).toMatchObject({
      status: 409,
      body: { code: "VERSION_CONFLICT" },
    });

    // Neither an edit of the rules nor a way back takes the label.
    const put = await harness.call("PUT /v1/admin/rules", { rules: [] }, MATCH);
    expect(put.status).toBe(200);
    await harness.call("POST /v1/admin/rules/rollback", { version: 1 });
    const { body } = await harness.call<{ content: RuleSet }>(
      "GET /v1/admin/rules",
    );
    expect(body.content.labels).toMatchObject([
      { item_id: "item-2", label: "violence", decided_by: "ada" },
    ]);
    const forged = { ...body.content.labels?.[0], id: "label-forged" };
    const refused = await harness.call(
      "PUT /v1/admin/rules",
      { rules: [], labels: [forged] },
      MATCH,
    );
    expect(refused).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/labels/0", code: "read_only" }] },
    });

    expect((await appeal(id)).body).toMatchObject({ state: "appealed" });
    expect(await reasonOf(1, "adult")).toBe("policy_label:violence");
    const rejected = { decision: "rejected", reason: "it is a toy" };
    expect(await decide(id, rejected, "ada")).toMatchObject({ status: 409 });
    expect(await decide(id, rejected, "ben")).toMatchObject({
      status: 200,
      body: { state: "finally_rejected", decided_by: "ben" },
    });
    expect(await reasonOf(1, "adult")).toBe("listed");
    expect((await appeal(id)).status).toBe(409);
    const { body: story } = await harness.call<{
      steps: { step: string; actor: string }[];
    }>(`GET /v1/moderation/tasks/${id}`);
    expect(story.steps.map(({ step, actor }) => [step, actor])).toEqual([
      ["report", "dev"],
      ["report", "dev"],
      ["uphold", "ada"],
      ["appeal", "maker"],
      ["reject", "ben"],
    ]);
  });

  it("refuses reports and decisions that make no sense", async () => {
    expect(await report("item-1", "boredom")).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/label", code: "unknown_label" }] },
    });
    expect((await report("nowhere")).status).toBe(404);
    const { task_id: id } = (await report("item-3")).body;
    for (const [body, code] of [
      [{ decision: "upheld", reason: "x" }, "required"],
      [
        { decision: "upheld", reason: "x", expires_at: "2020-01-01T00:00:00Z" },
        "time",
      ],
      [{ decision: "rejected", reason: "x", expires_at: IN_A_WEEK }, "unused"],
    ] as const) {
      expect(await decide(id, body, "ada")).toMatchObject({
        status: 422,
        body: { errors: [{ path: "/expires_at", code }] },
      });
    }
    const nobody = "0198c5a4-77aa-7c1d-9e6f-2b4f0c9d8e7a";
    expect((await appeal(nobody)).status).toBe(404);
    const open = await harness.call<{ items: { item_id: string }[] }>(
      "GET /v1/moderation/tasks?state=open",
    );
    expect(open.body.items.map(({ item_id }) => item_id)).toEqual(["item-3"]);
  });

  it("counts violations from the records: none, and one that is forced", async () => {
    const url = "GET /v1/reports/policy-violations";
    const list = await ask("adult");
    const record = await recordOf(harness, list.body.meta.request_id);
    const clean = await harness.call<Record<string, number>>(url);
    expect(clean.body).toMatchObject({ violations: 0, rate: 0, ok: true });
    const served = clean.body["served"] ?? 0;
    expect(served).toBeGreaterThan(20);
    // As a broken filter would leave it: an adult's list, shown to a child.
    const last = record.request_id.endsWith("0") ? "1" : "0";
    const forced = {
      ...record,
      request_id: record.request_id.slice(0, -1) + last,
      subject: null,
      user_state: { ...record.user_state, traits: { age_group: "child" } },
    };
    await harness.store.inTenant("demo", (tx) =>
      shipDecisions(tx, "default", [forced]),
    );
    const broken = await harness.call(url);
    expect(broken.body).toMatchObject({
      served: served + 8,
      violations: 1,
      rate: 1 / (served + 8),
      ok: false,
      by_label: { violence: 1 },
      by_surface: { home: 1 },
    });
  });
});
