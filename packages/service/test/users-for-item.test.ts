import { issueKey } from "@recsys/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keyDigest } from "../src/index.ts";
import { items, startHarness, type Harness } from "./harness.ts";
import { eventually, publish } from "./publish.ts";

const SECRET = "0123456789abcdef0123456789abcdef";

let harness: Harness;

interface Audience {
  readonly users: readonly {
    readonly user_key: string;
    readonly user_id?: string;
    readonly score: number;
    readonly reasons: readonly { readonly code: string }[];
  }[];
  readonly considered: number;
  readonly warnings: readonly { readonly code: string }[];
}

const find = (more: object = {}, headers: Record<string, string> = {}) =>
  harness.call<Audience>(
    "POST /v1/users-for-item",
    { item_id: "item-1", ...more },
    { headers },
  );

const namesIn = (answer: Awaited<ReturnType<typeof find>>) =>
  answer.body.users.map((user) => user.user_id);

beforeAll(async () => {
  harness = await startHarness({
    environment: { API_KEY_HASH_SECRET: SECRET },
  });
  await harness.store.tenantless((db) =>
    issueKey(db, {
      tenant: "demo",
      role: "viewer",
      name: "viewer",
      digest: keyDigest(SECRET, "demo-viewer"),
    }),
  );
  await harness.call("POST /v1/items", items(9));
  await harness.call(
    "PUT /v1/admin/config/schema",
    { attributes: {}, traits: { plan: { type: "string" } }, context: {} },
    { headers: { "if-match": "*" } },
  );
  await harness.call(
    "PUT /v1/admin/config/segments",
    [
      {
        name: "members",
        owner: "shop",
        rule: { where: 'user.plan = "gold"' },
        knobs: {},
      },
    ],
    { headers: { "if-match": "*" } },
  );
  await harness.call("POST /v1/users", [
    { user_id: "gold", traits: { plan: "gold" } },
    { user_id: "denied", consent: "denied" },
  ]);
  const saw = (user_id: string, item_id: string, type = "purchase") => ({
    user_id,
    item_id,
    type,
  });
  await harness.call("POST /v1/events", [
    saw("near", "item-2"),
    saw("nearer", "item-2"),
    saw("nearer", "item-3"),
    saw("gold", "item-2"),
    saw("denied", "item-2"),
    saw("far", "item-8"),
    saw("buyer", "item-1"),
    saw("buyer", "item-2"),
    saw("viewer", "item-1", "view"),
    saw("viewer", "item-3"),
    { session_id: "guest", item_id: "item-2", type: "purchase" },
  ]);
  // Items 1, 2 and 3 are bought together; 7 and 8 are, too.
  await publish(harness, [
    ...["a", "b", "c", "d"].flatMap((user) =>
      ["item-1", "item-2", "item-3"].map((item) => [user, item] as const),
    ),
    ...["e", "f"].flatMap((user) =>
      ["item-7", "item-8"].map((item) => [user, item] as const),
    ),
  ]);
  await eventually(async () => (await find()).body.users.length > 0);
});
afterAll(async () => {
  await harness.end();
});

describe("the people for an item", () => {
  it("are those whose history is near it, best first, with reasons", async () => {
    const answer = await find();
    expect(answer.status).toBe(200);
    const names = namesIn(answer);
    expect([...names].sort()).toEqual(["gold", "near", "nearer", "viewer"]);
    const scores = answer.body.users.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(answer.body.users[0]?.reasons[0]?.code).toMatch(/^item_knn/);
  });

  it("include buyers on request, and are cut at k", async () => {
    const names = namesIn(await find({ exclude_buyers: false }));
    expect(names).toContain("buyer");
    expect((await find({ k: 2 })).body.users).toHaveLength(2);
  });

  it("can be asked for by condition and by segment", async () => {
    expect(namesIn(await find({ where: 'user.plan = "gold"' }))).toEqual([
      "gold",
    ]);
    expect(namesIn(await find({ segment: "members" }))).toEqual(["gold"]);
    expect(await find({ where: "user.plan =", segment: "x" })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/where" }, { path: "/segment" }] },
    });
  });

  it("are none for an item that may not be listed, and it says why", async () => {
    await harness.call("POST /v1/items", [
      { item_id: "item-3", available: false },
    ]);
    const answer = await find({ item_id: "item-3" });
    await harness.call("POST /v1/items", [
      { item_id: "item-3", available: true },
    ]);
    expect(answer.body).toMatchObject({
      users: [],
      warnings: [{ code: "ITEM_NOT_LISTABLE" }],
    });
    expect((await find({ item_id: "nothing" })).status).toBe(404);
  });

  it("are pseudonyms for who may not read personal records, and each look is on record", async () => {
    const seen = await find(
      {},
      { authorization: "Bearer demo-viewer", "x-purpose": "newsletter" },
    );
    expect(seen.status).toBe(200);
    expect(namesIn(seen)).toEqual([undefined, undefined, undefined, undefined]);
    const keys = (await find()).body.users.map((user) => user.user_key);
    expect(keys).not.toContain(seen.body.users[0]?.user_key);
    const log = await harness.call<{ items: Record<string, unknown>[] }>(
      "GET /v1/audit/access?kind=audience",
    );
    expect(log.body.items[1]).toMatchObject({
      actor: "key:viewer",
      shown: "pseudonyms",
      purpose: "newsletter",
      rows: 4,
    });
  });
});
