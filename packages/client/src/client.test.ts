import type { EventInput } from "@recsys/contracts";
import { afterEach, describe, expect, test } from "vitest";
import {
  batch,
  busy,
  clientOf,
  failureOf,
  serve,
  slate,
  stopServers,
  view,
} from "../test/loopback-server.ts";
import { createClient } from "./client.ts";

afterEach(stopServers);

describe("a request", () => {
  test("goes to its route with key, tenant and namespace", async () => {
    const { url, received } = await serve({ body: slate });
    const client = createClient({
      url: `${url}/`,
      apiKey: "k",
      tenant: "demo",
      namespace: "shoes",
    });
    await client.recommend({ surface: "home" });
    await client.similar({ item_id: "a", namespace: "hats" });
    await client.rerank({ surface: "home", item_ids: ["a"] });
    expect(received.map((each) => [each.url, each.body])).toEqual([
      ["/v1/recommend", { namespace: "shoes", surface: "home" }],
      ["/v1/similar", { namespace: "hats", item_id: "a" }],
      ["/v1/rerank", { namespace: "shoes", surface: "home", item_ids: ["a"] }],
    ]);
    expect(received[0]?.headers).toMatchObject({
      authorization: "Bearer k",
      "x-org-id": "demo",
      "content-type": "application/json",
    });
  });

  test("returns what the service answered", async () => {
    const { url } = await serve({ body: slate });
    const answer = await createClient({ url }).recommend({ surface: "home" });
    expect(answer).toEqual(slate);
  });

  test("sends batches to their routes, the namespace in the query", async () => {
    const { url, received } = await serve({ body: batch });
    const client = createClient({ url, namespace: "a b" });
    expect(await client.sendEvents([view])).toEqual(batch);
    await client.sendExposures([{ request_id: "r", item_ids: ["a"] }]);
    await client.sendOutcomes([
      { request_id: "r", item_id: "a", type: "click" },
    ]);
    expect(received.map((each) => each.url)).toEqual([
      "/v1/events?namespace=a%20b",
      "/v1/exposures?namespace=a%20b",
      "/v1/outcomes?namespace=a%20b",
    ]);
  });
});

describe("ids of rows", () => {
  test("are drawn once and are the same in every attempt", async () => {
    const { url, received } = await serve(
      busy,
      { instead: "cut" },
      { body: batch },
    );
    const { client } = clientOf({ url });
    await client.sendEvents([view, { ...view, event_id: "mine" }]);
    expect(received).toHaveLength(3);
    const [first, ...others] = received.map((each) => each.body);
    for (const other of others) expect(other).toEqual(first);
    const rows = first as readonly EventInput[];
    expect(rows[0]?.event_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(rows[1]?.event_id).toBe("mine");
  });

  test("differ from row to row, for exposures and outcomes too", async () => {
    const { url, received } = await serve({ body: batch });
    let drawn = 0;
    const newId = () => `id-${++drawn}`;
    const client = createClient({ url, newId, clientName: "shop/1" });
    const row = { request_id: "r", item_id: "a", type: "click" };
    await client.sendEvents([view, { ...view, client: "app/2" }]);
    await client.sendExposures([{ request_id: "r", item_ids: ["a"] }]);
    await client.sendOutcomes([row, row]);
    expect(received.map((each) => each.body)).toEqual([
      [
        { ...view, event_id: "id-1", client: "shop/1" },
        { ...view, event_id: "id-2", client: "app/2" },
      ],
      [{ request_id: "r", item_ids: ["a"], exposure_id: "id-3" }],
      [
        { ...row, outcome_id: "id-4" },
        { ...row, outcome_id: "id-5" },
      ],
    ]);
  });
});

describe("a problem", () => {
  test("becomes an error with code, fields and request id, without a retry", async () => {
    const errors = [{ path: "/k", code: "maximum", message: "must be <= 200" }];
    const { url, received } = await serve({
      status: 422,
      body: {
        code: "INVALID_REQUEST",
        title: "Some fields are not acceptable.",
        detail: "k is too large",
        fix: "Correct the fields.",
        request_id: "r9",
        errors,
      },
    });
    const { client } = clientOf({ url });
    const error = await failureOf(
      client.recommend({ surface: "home", k: 999 }),
    );
    expect(received).toHaveLength(1);
    expect(error).toMatchObject({
      kind: "problem",
      code: "INVALID_REQUEST",
      status: 422,
      message: "k is too large",
      fix: "Correct the fields.",
      requestId: "r9",
      errors,
      isUnavailable: false,
    });
  });

  test("of something on the way is known by its status, whatever it says", async () => {
    const { url } = await serve({ status: 404, text: "<h1>no</h1>" });
    const { client } = clientOf({ url });
    expect(await failureOf(client.sendEvents([view]))).toMatchObject({
      kind: "status",
      code: "STATUS",
      status: 404,
    });
  });

  test.each(["not json", "[]", "null", "{}"])(
    "is also a good status with %s",
    async (text) => {
      const { url } = await serve({ text });
      const { client } = clientOf({ url, retries: 0 });
      const call = client.recommend({ surface: "home" });
      expect((await failureOf(call)).kind).toBe("bad-answer");
      const send = client.sendEvents([view]);
      expect((await failureOf(send)).kind).toBe("bad-answer");
    },
  );

  test("with malformed parts is still told", async () => {
    const { url } = await serve({
      status: 409,
      body: { code: "VERSION_CONFLICT", errors: [null, { path: 1 }] },
    });
    const { client } = clientOf({ url });
    const error = await failureOf(client.sendEvents([view]));
    expect(error.message).toBe("VERSION_CONFLICT (409)");
    expect(error.errors).toEqual([
      { path: "", code: "", message: "" },
      { path: "", code: "", message: "" },
    ]);
  });
});

describe("a fallback list", () => {
  test("is shown, with the reason, when the service is unavailable", async () => {
    const { url } = await serve({ status: 500, text: "" });
    const { client } = clientOf({ url });
    const answer = await client.recommend(
      { surface: "home" },
      { fallback: ["x", "y"] },
    );
    expect(answer.meta).toBeNull();
    expect(answer.items).toEqual([
      { item_id: "x", rank: 1 },
      { item_id: "y", rank: 2 },
    ]);
    if (answer.meta === null) expect(answer.error.status).toBe(500);
  });

  test("is shown when nobody listens there", async () => {
    const { url } = await serve({});
    await stopServers();
    const { client } = clientOf({ url });
    const answer = await client.similar({ item_id: "a" }, { fallback: ["x"] });
    expect(answer.items).toEqual([{ item_id: "x", rank: 1 }]);
  });

  test("does not hide a mistake of the caller", async () => {
    const { url } = await serve({
      status: 404,
      body: { code: "SURFACE_UNKNOWN" },
    });
    const { client } = clientOf({ url });
    const call = client.recommend({ surface: "hom" }, { fallback: ["x"] });
    expect((await failureOf(call)).code).toBe("SURFACE_UNKNOWN");
  });

  test("does not replace a served list", async () => {
    const { url } = await serve({ body: slate });
    const { client } = clientOf({ url });
    const options = { fallback: ["x"] };
    expect(await client.recommend({ surface: "home" }, options)).toEqual(slate);
  });
});
