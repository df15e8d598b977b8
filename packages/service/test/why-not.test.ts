import type { RecommendResponse, WhyNot } from "@recsys/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkAbsence, createReplayer } from "../src/index.ts";
import {
  idsOf,
  items,
  recordOf,
  startHarness,
  type Harness,
} from "./harness.ts";
import { eventually, publish } from "./publish.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ environment: { RECSYS_SAMPLE_SHARE: "1" } });
  await harness.call("POST /v1/items", items(40));
  await harness.call("POST /v1/items", [
    { item_id: "item-3", available: false },
  ]);
  await harness.call(
    "PUT /v1/admin/rules",
    {
      rules: [
        {
          id: "no-six",
          action: "BLOCK",
          target: { item_ids: ["item-6"] },
          priority: 1,
          enabled: true,
          owner: "merch",
          reason: "recalled",
        },
      ],
    },
    { headers: { "if-match": "*" } },
  );
  await publish(harness, [
    ["u1", "item-2"],
    ["u1", "item-6"],
    ["u2", "item-2"],
    ["u2", "item-4"],
    ["u3", "item-4"],
    ["u3", "item-8"],
  ]);
  await eventually(
    async () => (await ask()).body.meta.manifest_version !== null,
  );
});
afterAll(async () => {
  await harness.end();
});

const ask = () =>
  harness.call<RecommendResponse>("POST /v1/recommend", {
    surface: "home",
    k: 2,
    user: { user_id: "anna" },
  });

interface Answered {
  readonly identical: boolean;
  readonly items: readonly WhyNot[];
}
const whyNot = (requestId: string, item_ids: readonly string[]) =>
  harness.call<Answered & { readonly code: string }>(
    `POST /v1/audit/decisions/${requestId}/why-not`,
    { item_ids },
  );

describe("why not, for a past decision", () => {
  it("answers for any item, also when all has moved on", async () => {
    const list = await ask();
    const [first = ""] = idsOf(list);
    const asked = [first, "item-3", "item-6", "item-39", "nowhere"];
    const before = await whyNot(list.body.meta.request_id, asked);
    expect(before.status).toBe(200);
    expect(before.body.identical).toBe(true);
    expect(
      before.body.items.map(({ item_id, stage, reason }) => [
        item_id,
        stage,
        reason,
      ]),
    ).toEqual([
      [first, "slate", "listed"],
      ["item-3", "eligibility", "unavailable"],
      ["item-6", "eligibility", "blocked:no-six"],
      ["item-39", "sources", "not_offered"],
      ["nowhere", "catalogue", "item_unknown"],
    ]);
    expect(before.body.items[2]?.cause).toBe("no-six");

    await harness.call(
      "PUT /v1/admin/rules",
      { rules: [] },
      {
        headers: { "if-match": "*" },
      },
    );
    await harness.call("POST /v1/items", [
      { item_id: "item-3", available: true },
    ]);
    const after = await whyNot(list.body.meta.request_id, asked);
    expect(after.body).toEqual(before.body);
    const now = await whyNot((await ask()).body.meta.request_id, ["item-6"]);
    expect(now.body.items[0]?.reason).not.toBe("blocked:no-six");
  });

  it("agrees with the record for the whole catalogue, and the check notices when not", async () => {
    const { body } = await ask();
    const record = await recordOf(harness, body.meta.request_id);
    const replayer = createReplayer({
      store: harness.store,
      tenant: "demo",
      objects: harness.objects,
    });
    const { result } = await replayer.explain(record);
    expect(result.whyNot).toHaveLength(40);
    expect(checkAbsence(record, result.whyNot)).toEqual([]);
    const [first] = result.slate;
    const wrong = result.whyNot.map((each) =>
      each.item_id === first?.item_id
        ? { ...each, stage: "slots", reason: "below_cut" }
        : each,
    );
    expect(checkAbsence(record, wrong)).toEqual([
      `${first?.item_id ?? ""} answers below_cut at 1`,
      "slots/below_cut: -1 more were recorded than are answered",
    ]);
  });

  it("refuses unknown decisions, no items and too many", async () => {
    const { body } = await ask();
    const id = body.meta.request_id;
    const unknown = await whyNot("0198c5a4-77aa-7c1d-9e6f-2b4f0c9d8e7a", ["a"]);
    expect(unknown).toMatchObject({
      status: 404,
      body: { code: "DECISION_UNKNOWN" },
    });
    const many = Array.from({ length: 1001 }, (_, i) => `item-${i}`);
    for (const wrong of [[], many]) {
      const answer = await whyNot(id, wrong);
      expect(answer).toMatchObject({
        status: 422,
        body: { errors: [{ path: "/item_ids" }] },
      });
    }
    expect((await whyNot(id, many.slice(1))).status).toBe(200);
  });
});
