import type { RecommendResponse } from "@recsys/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { idsOf, items, startHarness, type Harness } from "./harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  await harness.call("POST /v1/items", items(12));
});
afterAll(async () => {
  await harness.end();
});

const list = (more: object = {}) =>
  harness.call<RecommendResponse>("POST /v1/recommend", {
    surface: "home",
    k: 12,
    ...more,
  });

const put = (url: string, content: unknown) =>
  harness.call(`PUT ${url}`, content, { headers: { "if-match": "*" } });

const rule = (facts: object) => ({
  id: "dear",
  action: "BLOCK",
  target: { where: "item.price > 3" },
  priority: 1,
  enabled: true,
  owner: "shop",
  reason: "test",
  ...facts,
});

describe("an expression", () => {
  it("limits one request", async () => {
    const constraints = { where: 'item.price <= 4 and item.tags has "even"' };
    const answer = await list({ constraints });
    expect(idsOf(answer).sort()).toEqual(["item-0", "item-2"]);
  });

  it("decides what a rule blocks", async () => {
    const written = await put("/v1/admin/rules", { rules: [rule({})] });
    expect(written.status).toBe(200);
    expect(idsOf(await list()).sort()).toEqual(["item-0", "item-1", "item-2"]);
    await put("/v1/admin/rules", { rules: [] });
  });

  it("decides who is in a segment", async () => {
    const schema = await harness.call<{ content: object }>(
      "GET /v1/admin/config/schema",
    );
    const context = { country: { type: "string" } };
    await put("/v1/admin/config/schema", { ...schema.body.content, context });
    const segments = [
      {
        name: "french",
        owner: "shop",
        rule: { where: 'context.country = "France"' },
        knobs: {},
      },
    ];
    expect((await put("/v1/admin/config/segments", segments)).status).toBe(200);
    const french = await list({ context: { country: "France" } });
    expect(french.body.meta.segment).toBe("french");
    expect((await list()).body.meta.segment).toBe(null);
  });

  it.each([
    [
      "a request",
      () => list({ constraints: { where: "item.prise > 3" } }),
      "/constraints/where",
      /^at character 1: there is no item\.prise; did you mean item\.price\?/,
    ],
    [
      "a rule",
      () =>
        put("/v1/admin/rules", {
          rules: [rule({ target: { where: "item.price > " } })],
        }),
      "/rules/0/target/where",
      /^at character 14: /,
    ],
    [
      "the amount of a rule",
      () =>
        put("/v1/admin/rules", {
          rules: [rule({ action: "BOOST", amount: "item.title" })],
        }),
      "/rules/0/amount",
      /^at character 1: .*number/,
    ],
    [
      "a segment",
      () =>
        put("/v1/admin/config/segments", [
          {
            name: "x",
            owner: "o",
            rule: { all: [{ where: "item.price > 3" }] },
            knobs: {},
          },
        ]),
      "/segments/0/rule/all/0/where",
      /^at character 1: there is no item here/,
    ],
  ] as const)(
    "with a mistake is refused in %s",
    async (...[, ask, path, message]) => {
      const answer = await ask();
      expect(answer).toMatchObject({
        status: 422,
        body: {
          errors: [
            {
              path,
              code: "expression",
              message: expect.stringMatching(message) as string,
            },
          ],
        },
      });
    },
  );

  it("that a rule uses keeps its fields in the schema", async () => {
    const schema = await harness.call<{ content: object }>(
      "GET /v1/admin/config/schema",
    );
    const attributes = { margin: { type: "number" } };
    await put("/v1/admin/config/schema", {
      ...schema.body.content,
      attributes,
    });
    const target = { where: "item.attributes.margin > 0.4" };
    await put("/v1/admin/rules", { rules: [rule({ target })] });
    const gone = await put("/v1/admin/config/schema", schema.body.content);
    expect(gone).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/schema", code: "in_use" }] },
    });
  });
});

describe("a segment tried without a change", () => {
  it("says for how many people it would hold, and where they are now", async () => {
    await put("/v1/admin/rules", { rules: [] });
    await put("/v1/admin/config/segments", []);
    await harness.call(
      "POST /v1/events",
      Array.from({ length: 10 }, (_, n) => ({
        user_id: `visitor-${n}`,
        item_id: "item-1",
        type: n < 4 ? "purchase" : "view",
      })),
    );
    const answer = await harness.call("POST /v1/admin/segments/dry-run", {
      rule: { where: "history.count.purchase >= 1" },
    });
    expect(answer.body).toMatchObject({
      people: 10,
      matched: 4,
      share: 0.4,
      from_segments: [{ segment: null, people: 10, matched: 4 }],
      seed: 0,
    });
    const part = await harness.call("POST /v1/admin/segments/dry-run", {
      rule: { field: "history.count", op: "gte", value: 1 },
      size: 7,
      seed: 3,
    });
    expect(part.body).toMatchObject({ people: 7, matched: 7 });
  });
});
