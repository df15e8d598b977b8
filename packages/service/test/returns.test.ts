import type { RecommendResponse } from "@recsys/contracts";
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
  await harness.call("POST /v1/items", items(4));
});
afterAll(async () => {
  await harness.end();
});

const ask = (user_id: string) =>
  harness.call<RecommendResponse>("POST /v1/recommend", {
    surface: "home",
    k: 4,
    user: { user_id },
  });
const send = (...events: readonly object[]) =>
  harness.call<{ results: readonly object[] }>("POST /v1/events", events);

describe("a return", () => {
  it("without its order is refused, as an event and as an outcome", async () => {
    const row = { user_id: "u", type: "return", item_id: "item-1" };
    const refused = {
      status: "rejected",
      errors: [{ path: "/order_id", code: "required" }],
    };
    expect((await send(row)).body.results).toMatchObject([refused]);
    const request_id = "01920000-0000-7000-8000-000000000000";
    const outcome = await harness.call<{ results: object[] }>(
      "POST /v1/outcomes",
      [{ ...row, request_id }],
    );
    expect(outcome.body.results).toMatchObject([refused]);
  });

  it("undoes the purchase of the same order, item and person", async () => {
    const purchase = { type: "purchase", item_id: "item-1", order_id: "o1" };
    await send(
      { ...purchase, user_id: "anna" },
      { ...purchase, user_id: "anna", item_id: "item-2" },
      { ...purchase, user_id: "ben" },
    );
    expect(idsOf(await ask("anna"))).toEqual(["item-0", "item-3"]);
    await send({ ...purchase, user_id: "anna", type: "return" });
    const after = await ask("anna");
    expect(idsOf(after)).toEqual(["item-0", "item-1", "item-3"]);
    expect(idsOf(await ask("ben"))).toEqual(["item-0", "item-2", "item-3"]);
    const record = await recordOf(harness, after.body.meta.request_id);
    const orders = record.user_state.events.map(
      ({ item_id, type, order_id }) => [item_id, type, order_id],
    );
    expect(orders).toEqual(
      expect.arrayContaining([
        ["item-1", "return", "o1"],
        ["item-1", "purchase", "o1"],
        ["item-2", "purchase", undefined],
      ]),
    );
  });

  it("takes the value of the purchase back from the list that it was credited to", async () => {
    const { request_id } = (await ask("carl")).body.meta;
    const person = { user_id: "carl" };
    await harness.call("POST /v1/exposures", [
      { request_id, item_ids: ["item-0", "item-1"], ...person },
    ]);
    const paid = { type: "purchase", price: 10, request_id, ...person };
    await send(
      { ...paid, item_id: "item-0", order_id: "c1" },
      { ...paid, item_id: "item-1", order_id: "c1" },
    );
    const purchases = async () => {
      const { body } = await harness.call<{
        by_type: Record<string, object>;
        counts: object;
      }>("GET /v1/reports/attribution");
      return body.by_type["purchase"];
    };
    const all = { outcomes: 2, attributed: 2, attributed_value: 20 };
    expect(await purchases()).toEqual({ ...all, returned: 0 });
    await send({
      ...person,
      type: "return",
      item_id: "item-1",
      order_id: "c1",
    });
    expect(await purchases()).toEqual({
      outcomes: 2,
      attributed: 1,
      attributed_value: 10,
      returned: 1,
    });
    const listed = await harness.call<{ items: object[] }>("GET /v1/outcomes");
    expect(listed.body.items).toMatchObject([
      { item_id: "item-0", order_id: "c1", returned: false },
      { item_id: "item-1", order_id: "c1", returned: true },
    ]);
  });
});
