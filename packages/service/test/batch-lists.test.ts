import type { BatchedList, RecommendResponse } from "@recsys/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createReplayer } from "../src/index.ts";
import { items, recordOf, startHarness, type Harness } from "./harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  await harness.call("POST /v1/items", items(20));
});
afterAll(async () => {
  await harness.end();
});

interface Batch {
  readonly request_id: string;
  readonly results: readonly BatchedList[];
}

const batch = (requests: readonly object[], dedupe?: string) =>
  harness.call<Batch>("POST /v1/recommend/batch", {
    requests,
    ...(dedupe === undefined ? {} : { dedupe }),
  });

const list = (user_id: string, more: object = {}) => ({
  surface: "home",
  k: 4,
  user: { user_id },
  ...more,
});

const idsIn = (result: BatchedList | undefined): string[] =>
  result?.list?.items.map(({ item_id: id }) => id) ?? [];
const recordIn = (result: BatchedList | undefined) =>
  recordOf(harness, result?.list?.meta.request_id ?? "");

describe("a batch of lists", () => {
  it("answers each request as its own route would, with an id and a record of its own", async () => {
    const { status, body } = await batch([
      list("anna"),
      { item_id: "item-3", k: 2 },
      { surface: "home", item_ids: ["item-5", "item-6"] },
    ]);
    expect(status).toBe(200);
    const alone = await harness.call<RecommendResponse>(
      "POST /v1/recommend",
      list("anna"),
    );
    expect(idsIn(body.results[0])).toEqual(
      alone.body.items.map(({ item_id: id }) => id),
    );
    expect(idsIn(body.results[1])).toHaveLength(2);
    expect(idsIn(body.results[2]).sort()).toEqual(["item-5", "item-6"]);
    const ids = body.results.map((one) => one.list?.meta.request_id);
    expect(new Set([...ids, body.request_id]).size).toBe(4);
    const records = await Promise.all(body.results.map(recordIn));
    expect(records.map(({ request }) => request.route)).toEqual([
      "recommend",
      "similar",
      "rerank",
    ]);
  });

  it("fails alone, with all that is wrong with it", async () => {
    const { status, body } = await batch([
      list("anna", { k: 0, colour: "red" }),
      { surface: "nowhere" },
      { item_id: "nothing" },
      list("anna"),
    ]);
    expect(status).toBe(200);
    expect(body.results.map((one) => one.status)).toEqual([422, 404, 404, 200]);
    expect(body.results[0]?.problem).toMatchObject({
      code: "INVALID_REQUEST",
      errors: expect.arrayContaining([
        expect.objectContaining({ path: "/k" }) as unknown,
        expect.objectContaining({ path: "/colour" }) as unknown,
      ]) as unknown,
    });
    expect(body.results[1]?.problem?.["code"]).toBe("SURFACE_UNKNOWN");
    expect(idsIn(body.results[3])).toHaveLength(4);
  });

  it("takes 1 to 20 requests", async () => {
    expect((await batch([])).status).toBe(422);
    const many = Array.from({ length: 21 }, () => list("anna"));
    expect(await batch(many)).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/requests" }] },
    });
    expect((await batch(many.slice(1))).body.results).toHaveLength(20);
  });
});

describe("a page", () => {
  it("shows a person no item twice, in the order given, and each record says after which lists it came", async () => {
    const requests = [list("anna"), list("ben"), list("anna"), list("anna")];
    const { body } = await batch(requests, "within_user");
    const [first, other, second, third] = body.results;
    const annas = [first, second, third].flatMap(idsIn);
    expect(new Set(annas).size).toBe(12);
    expect(idsIn(other)).toEqual(idsIn(first));
    const record = await recordIn(third);
    expect(record.request.shownBy).toEqual([
      first?.list?.meta.request_id,
      second?.list?.meta.request_id,
    ]);
    expect(record.request.onPage).toEqual([first, second].flatMap(idsIn));
    const replayer = createReplayer({ ...harness, tenant: "demo" });
    expect(await replayer.replay(record)).toMatchObject({ identical: true });
  });

  it("repeats without dedupe", async () => {
    const { body } = await batch([list("anna"), list("anna")]);
    expect(idsIn(body.results[1])).toEqual(idsIn(body.results[0]));
  });

  it("counts requests that name nobody as one person's", async () => {
    const nobody = { surface: "home", k: 3 };
    const { body } = await batch([nobody, nobody], "within_user");
    expect(new Set(body.results.flatMap(idsIn)).size).toBe(6);
  });

  it("repeats what a rule pins by name, with a warning", async () => {
    const pin = {
      id: "first",
      action: "PIN",
      target: { item_ids: ["item-0"] },
      priority: 1,
      enabled: true,
      owner: "shop",
      reason: "campaign",
    };
    const put = (rules: object[]) =>
      harness.call(
        "PUT /v1/admin/rules",
        { rules },
        {
          headers: { "if-match": "*" },
        },
      );
    await put([pin]);
    const { body } = await batch([list("eva"), list("eva")], "within_user");
    await put([]);
    const lists = body.results.map(idsIn);
    expect(lists.map(([id]) => id)).toEqual(["item-0", "item-0"]);
    expect(new Set(lists.flat()).size).toBe(7);
    expect(body.results[1]?.list?.warnings).toContainEqual({
      code: "PIN_REPEATED",
      detail: expect.stringContaining("item-0") as string,
    });
  });
});
