import type {
  BatchResult,
  explainDecision,
  RecommendResponse,
} from "@recsys/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  idsOf,
  items,
  recordOf,
  startHarness,
  type Harness,
} from "./harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => {
  await harness.end();
});

describe("the loop over HTTP", () => {
  it("takes items, and lists them at once", async () => {
    const sent = await harness.call<BatchResult>("POST /v1/items", items(30));
    expect(sent.body).toMatchObject({
      accepted: 30,
      duplicate: 0,
      rejected: 0,
    });
    const list = await harness.call<RecommendResponse>("POST /v1/recommend", {
      surface: "home",
      k: 5,
      user: { user_id: "anna" },
    });
    expect(list.status).toBe(200);
    expect(idsOf(list)).toHaveLength(5);
    expect(list.body.meta).toMatchObject({
      tenant: "demo",
      namespace: "default",
      config_version: "0-default",
      rules_version: "0-default",
      algo_version: "2",
      manifest_version: null,
      logged: true,
    });
  });

  it("lets a posted event change the next list", async () => {
    const ask = () =>
      harness.call<RecommendResponse>("POST /v1/recommend", {
        surface: "home",
        k: 30,
        user: { user_id: "bert" },
      });
    expect(idsOf(await ask())).toContain("item-3");
    const sent = await harness.call<BatchResult>("POST /v1/events", [
      { user_id: "bert", type: "purchase", item_id: "item-3", event_id: "e1" },
    ]);
    expect(sent.body.accepted).toBe(1);
    expect(idsOf(await ask())).not.toContain("item-3");
  });

  it("has the whole decision on record, without identifiers", async () => {
    const list = await harness.call<RecommendResponse>("POST /v1/recommend", {
      surface: "home",
      k: 3,
      user: { user_id: "bert" },
      context: { country: "France", secret_note: "call bert@example.org" },
    });
    const record = await recordOf(harness, list.body.meta.request_id);
    expect(record.slate.map((item) => item.item_id)).toEqual(idsOf(list));
    expect(record.request.context).toEqual({ country: "France" });
    expect(JSON.stringify(record)).not.toContain("bert");
    expect(list.body.warnings).toMatchObject([{ code: "KEY_UNDECLARED" }]);
  });

  it("shows a decision with its features by name and the parts of each score", async () => {
    const list = await harness.call<RecommendResponse>("POST /v1/recommend", {
      surface: "home",
      k: 3,
      options: { explain: "full" },
    });
    const { record } = (
      await harness.call<{ record: ReturnType<typeof explainDecision> }>(
        `GET /v1/audit/decisions/${list.body.meta.request_id}`,
      )
    ).body;
    expect(record.slate.map(({ parts }) => parts)).toEqual(
      list.body.items.map(({ explain }) => explain),
    );
    expect(record.slate[0]?.features).toHaveProperty("item_price");
  });
});
