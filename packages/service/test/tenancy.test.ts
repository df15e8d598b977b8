import type { RecommendResponse } from "@recsys/contracts";
import { issueKey, listKeys, revokeKey } from "@recsys/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keyDigest } from "../src/index.ts";
import { idsOf, items, startHarness, type Harness } from "./harness.ts";
import { eventually } from "./publish.ts";

const SECRET = "0123456789abcdef0123456789abcdef";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({
    environment: {
      DEV_AUTH_ENABLED: "false",
      API_KEY_HASH_SECRET: SECRET,
      RECSYS_CONFIG_CACHE_TTL: "0.2",
    },
  });
  for (const [tenant, role] of [
    ["demo", "viewer"],
    ["demo", "operator"],
    ["other", "admin"],
  ] as const) {
    await harness.store.tenantless((db) =>
      issueKey(db, {
        tenant,
        role,
        name: `${tenant} ${role}`,
        digest: keyDigest(SECRET, `${tenant}-${role}`),
      }),
    );
  }
});
afterAll(async () => {
  await harness.end();
});

async function as(key: string, target: string, body?: unknown) {
  const answer = await harness.service.app.inject({
    method: target.split(" ")[0] as "GET",
    url: target.split(" ")[1] ?? "/",
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: answer.json<Record<string, unknown>>(),
  };
}

describe("keys", () => {
  it("open what their role permits and nothing else", async () => {
    expect((await as("demo-operator", "POST /v1/items", items(3))).status).toBe(
      200,
    );
    const list = await as("demo-viewer", "POST /v1/recommend", {
      surface: "home",
    });
    expect(list.status).toBe(200);
    expect(await as("demo-viewer", "POST /v1/items", items(1))).toMatchObject({
      status: 403,
      body: { code: "FORBIDDEN" },
    });
    const overriding = { surface: "home", knobs: { "popularity.weight": 2 } };
    expect(
      await as("demo-viewer", "POST /v1/recommend", overriding),
    ).toMatchObject({ status: 403 });
    expect(
      (await as("demo-operator", "POST /v1/recommend", overriding)).status,
    ).toBe(200);
  });

  it("are needed: the tenant header alone is nothing here", async () => {
    const answer = await harness.call("GET /v1/items");
    expect(answer).toMatchObject({
      status: 401,
      body: { code: "UNAUTHENTICATED" },
    });
  });

  it("stop working within the stated time when they are revoked", async () => {
    const digest = keyDigest(SECRET, "short-lived");
    await harness.store.tenantless((db) =>
      issueKey(db, { tenant: "demo", role: "viewer", name: "short", digest }),
    );
    expect((await as("short-lived", "GET /v1/items")).status).toBe(200);
    const keys = await harness.store.tenantless((db) => listKeys(db, "demo"));
    const { keyId } = keys.find((key) => key.name === "short") ?? { keyId: "" };
    await harness.store.tenantless((db) => revokeKey(db, "demo", keyId));
    await eventually(
      async () => (await as("short-lived", "GET /v1/items")).status === 401,
      1000,
    );
  });
});

describe("tenants", () => {
  it("see neither each other's items, lists, decisions nor page tokens", async () => {
    const mine = await as("demo-viewer", "POST /v1/recommend", {
      surface: "home",
      k: 1,
    });
    const body = mine.body as unknown as RecommendResponse;
    const { request_id } = body.meta;
    expect(
      await as("other-admin", `GET /v1/audit/decisions/${request_id}`),
    ).toMatchObject({ status: 404, body: { code: "DECISION_UNKNOWN" } });
    const theirs = await as("other-admin", "GET /v1/items");
    expect(theirs.body["items"]).toEqual([]);
    const token = await as("other-admin", "POST /v1/recommend", {
      surface: "home",
      page_token: body.next_page_token,
    });
    expect(token).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/page_token" }] },
    });
    expect(idsOf({ ...mine, body })).toHaveLength(1);
  });
});
