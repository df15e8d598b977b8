import { gzipSync } from "node:zlib";
import type { BatchResult } from "@recsys/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { items, startHarness, type Harness } from "./harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  await harness.call("POST /v1/items", items(5));
});
afterAll(async () => {
  await harness.end();
});

const recommend = (body: unknown) =>
  harness.call<{ code: string; errors: { path: string; code: string }[] }>(
    "POST /v1/recommend",
    body,
  );

describe("bad input", () => {
  it("gets all its field errors at once, with paths", async () => {
    const answer = await recommend({
      k: 500,
      user: { user_id: 7 },
      surprise: true,
      constraints: { any_of: "red" },
    });
    expect(answer.status).toBe(422);
    expect(answer.headers["content-type"]).toContain("problem+json");
    const paths = answer.body.errors.map(({ path, code }) => `${path} ${code}`);
    expect(paths.sort()).toEqual([
      "/constraints/any_of type",
      "/k maximum",
      "/surface required",
      "/surprise unknown_field",
      "/user/user_id type",
    ]);
  });

  it.each([
    [{ surface: "home", knobs: { "no.such": 1 } }, "/knobs/no.such"],
    [{ surface: "home", weights: { nobody: 1 } }, "/weights/nobody"],
    [{ surface: "home", segment: "vip" }, "/segment"],
    [
      { surface: "home", constraints: { min_price: 5, max_price: 1 } },
      "/constraints/max_price",
    ],
    [
      { surface: "home", options: { as_of: "2026-02-30T00:00:00Z" } },
      "/options/as_of",
    ],
    [{ surface: "home", context: { country: 5 } }, "/context/country"],
    [{ surface: "home", page_token: "bm9wZQ" }, "/page_token"],
  ])("of meaning: %j is refused at %s", async (body, path) => {
    const answer = await recommend(body);
    expect(answer).toMatchObject({
      status: 422,
      body: { code: "INVALID_REQUEST", errors: [{ path }] },
    });
  });

  it.each([
    ["POST /v1/recommend", '{"surface": home}', 400, "MALFORMED_JSON"],
    ["POST /v1/recommend", "", 400, "MALFORMED_JSON"],
    ["POST /v1/nothing", "{}", 404, "NOT_FOUND"],
    ["PUT /v1/recommend", "{}", 405, "METHOD_NOT_ALLOWED"],
    ["GET /v1/recommend", null, 405, "METHOD_NOT_ALLOWED"],
    ["GET /v1/items?limit=0&colour=red", null, 422, "INVALID_REQUEST"],
    ["GET /v1/items?cursor=zzz", null, 422, "INVALID_REQUEST"],
    ["DELETE /v1/items", null, 422, "INVALID_REQUEST"],
    ["GET /v1/admin/config/colours", null, 422, "INVALID_REQUEST"],
    ["GET /v1/admin/manifests/9", null, 404, "NOT_FOUND"],
    ["GET /v1/admin/manifests/0x1", null, 422, "INVALID_REQUEST"],
    ["GET /v1/items?limit=1e2", null, 422, "INVALID_REQUEST"],
    ["GET /v1/items?limit=true", null, 422, "INVALID_REQUEST"],
    ["POST /v1/similar", '{"item_id":"never"}', 404, "ITEM_UNKNOWN"],
    ["POST /v1/recommend", '{"surface":"never"}', 404, "SURFACE_UNKNOWN"],
    [
      "POST /v1/recommend",
      '{"surface":"home","namespace":"never"}',
      404,
      "NAMESPACE_UNKNOWN",
    ],
    ["POST /v1/items", '{"items":[]}', 422, "INVALID_REQUEST"],
    ["POST /v1/items", `[${"1,".repeat(10_000)}1]`, 413, "BODY_TOO_LARGE"],
    ["POST /v1/recommend", `"${"x".repeat(2_000_000)}"`, 413, "BODY_TOO_LARGE"],
    ["POST /v1/items", `"${"x".repeat(10_000_000)}"`, 413, "BODY_TOO_LARGE"],
  ])("%s with %.40s is %i %s", async (...given) => {
    const [target, raw, status, code] = given;
    const answer = await harness.call(
      target,
      undefined,
      raw === null
        ? {}
        : { raw, headers: { "content-type": "application/json" } },
    );
    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.body["request_id"]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    [
      "POST /v1/similar",
      { item_id: "never" },
      'The item "never" is not in the catalogue.',
      "Send it to POST /v1/items first.",
    ],
    [
      "GET /v1/admin/manifests/9",
      undefined,
      "There is no manifest 9 in default.",
      "GET /v1/admin/manifests lists them.",
    ],
    [
      "POST /v1/admin/config/rollback",
      {},
      "There is no version of config yet.",
      undefined,
    ],
  ])("%s with %j names what is missing", async (...given) => {
    const [target, body, detail, fix] = given;
    const answer = await harness.call(target, body);
    expect([answer.body["detail"], answer.body["fix"]]).toEqual([detail, fix]);
  });

  it("names the tenant that there is none of, and the header that is missing", async () => {
    const tenant = await harness.call("GET /v1/items", undefined, {
      tenant: "nobody",
    });
    expect(tenant.body).toMatchObject({
      code: "TENANT_UNKNOWN",
      detail: 'There is no tenant "nobody".',
    });
    const none = await harness.call("GET /v1/items", undefined, { tenant: "" });
    expect(none.body).toMatchObject({
      code: "UNAUTHENTICATED",
      fix: "Send `x-org-id: <tenant>` (`npm start` has the tenant demo), or `Authorization: Bearer <API key>`.",
    });
  });

  const cursor = (text: string) =>
    `cursor=${Buffer.from(text).toString("base64url")}`;
  const noId = "00000000-0000-4000-8000-000000000000";

  it.each([
    ["GET /v1/items?tag=%00", null, "/query/tag text"],
    ["GET /v1/items?brand=a&item_id=b%00", null, "/query/item_id/0 pattern"],
    ["GET /v1/users?trait=plan&value=a%00b", null, "/query/value text"],
    ["GET /v1/admin/fallbacks/%00", null, "/params/surface pattern"],
    [
      "GET /v1/admin/manifests/99999999999999999999",
      null,
      "/params/version maximum",
    ],
    [
      "GET /v1/admin/audit?before=99999999999999999999",
      null,
      "/query/before maximum",
    ],
    [
      `GET /v1/uploads/${noId}?after_row=100000000000000000000`,
      null,
      "/query/after_row maximum",
    ],
    [
      "POST /v1/admin/config/rollback",
      { version: 3_000_000_000 },
      "/version maximum",
    ],
    [
      "POST /v1/admin/manifests/activate",
      { version: 1e20 },
      "/version maximum",
    ],
    [
      `GET /v1/items?${cursor(String.raw`["a\u0000"]`)}`,
      null,
      "/query/cursor cursor",
    ],
    [
      `GET /v1/users?${cursor(String.raw`["\ud800"]`)}`,
      null,
      "/query/cursor cursor",
    ],
    [`GET /v1/events?${cursor("[1e400, 1]")}`, null, "/query/cursor cursor"],
    [`GET /v1/events?${cursor("[9e15, 1]")}`, null, "/query/cursor cursor"],
    [`GET /v1/exposures?${cursor("[1, 1.5]")}`, null, "/query/cursor cursor"],
    [`GET /v1/outcomes?${cursor("[1, -1]")}`, null, "/query/cursor cursor"],
    [`GET /v1/uploads?${cursor('[1, "x"]')}`, null, "/query/cursor cursor"],
    [
      `GET /v1/admin/pipelines/runs?${cursor(`[-9e15, "${noId}"]`)}`,
      null,
      "/query/cursor cursor",
    ],
    [
      `GET /v1/audit/decisions?${cursor('["x"]')}`,
      null,
      "/query/cursor cursor",
    ],
  ])(
    "that the database could not hold is named: %s %j at %s",
    async (...given) => {
      const [target, body, error] = given;
      const answer = await harness.call<{
        code: string;
        errors?: { path: string; code: string }[];
      }>(target, body ?? undefined);
      expect(answer).toMatchObject({
        status: 422,
        body: { code: "INVALID_REQUEST" },
      });
      expect(
        answer.body.errors?.map(({ path, code }) => `${path} ${code}`),
      ).toContain(error);
    },
  );

  it("of another media type is 415, and a compressed one counts unfolded", async () => {
    const csv = await harness.call("POST /v1/items", undefined, {
      raw: "a,b",
      headers: { "content-type": "text/csv" },
    });
    expect(csv).toMatchObject({
      status: 415,
      body: { code: "UNSUPPORTED_MEDIA_TYPE" },
    });
    const headers = {
      "content-type": "application/json",
      "content-encoding": "gzip",
    };
    const bomb = await harness.call("POST /v1/items", undefined, {
      raw: gzipSync(Buffer.alloc(20_000_000, 32)),
      headers,
    });
    expect(bomb).toMatchObject({ status: 413 });
    const good = await harness.call<BatchResult>("POST /v1/items", undefined, {
      raw: gzipSync(JSON.stringify([{ item_id: "zipped" }])),
      headers,
    });
    expect(good.body).toMatchObject({ accepted: 1 });
  });

  it("in one row leaves its neighbours alone, with ids of any characters", async () => {
    const odd = "a/b c\"ü😀'";
    const answer = await harness.call<BatchResult>(
      "POST /v1/items",
      undefined,
      {
        raw: [
          JSON.stringify({ item_id: odd, price: 1 }),
          '{"item_id": "x", ',
          JSON.stringify({ item_id: "y", price: -1, colour: "red" }),
          String.raw`{"item_id":"z","title":"a\u0000b"}`,
          JSON.stringify({ item_id: "line\nbreak" }),
          JSON.stringify({ item_id: "w", valid_from: "2026-13-01T00:00:00Z" }),
          JSON.stringify({ item_id: "v", attributes: { size: 3 } }),
          '{"item_id":"u","price":1e999}',
        ].join("\n"),
        headers: { "content-type": "application/x-ndjson" },
      },
    );
    const found = answer.body.results.map((row) =>
      row.status === "rejected"
        ? row.errors?.map(({ path, code }) => `${path} ${code}`).join(", ")
        : row.status,
    );
    expect(found).toEqual([
      "accepted",
      " malformed",
      "/colour unknown_field, /price minimum",
      "/title text",
      "/item_id pattern",
      "/valid_from time",
      "/attributes/size undeclared",
      "/price type",
    ]);
    const listed = await harness.call<{ items: { item_id: string }[] }>(
      `GET /v1/items?item_id=${encodeURIComponent(odd)}`,
    );
    expect(listed.body.items.map((item) => item.item_id)).toEqual([odd]);
  });

  it("is not blamed, and no statement is shown, when the fault is ours", async () => {
    const { store } = harness;
    const text = "select secret from people where id = 'x'";
    const fault = Object.assign(new Error(text), { code: "22P02" });
    await harness.restart({
      store: { ...store, inTenant: () => Promise.reject(fault) },
    });
    const answer = await harness.call("GET /v1/items");
    expect(answer).toMatchObject({ status: 500, body: { code: "INTERNAL" } });
    expect(JSON.stringify(answer.body)).not.toContain("secret");
    await harness.restart();
  });
});
