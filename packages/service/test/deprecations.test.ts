import { DEPRECATIONS, type RecommendResponse } from "@recsys/contracts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApiDocument, ROUTES } from "../src/index.ts";
import { items, startHarness, type Harness } from "./harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  await harness.call("POST /v1/items", items(5));
  const color = { since: "2026-03-01", use: "colour" };
  const put = await harness.call(
    "PUT /v1/admin/config/schema",
    {
      attributes: {
        color: { type: "string", deprecated: color },
        colour: { type: "string" },
      },
      traits: { old: { type: "string", deprecated: { since: "the move" } } },
      context: {},
    },
    { headers: { "if-match": "*" } },
  );
  expect(put.status).toBe(200);
});
afterAll(async () => {
  await harness.end();
});

const ask = (body: object, dev = "ada") =>
  harness.call<RecommendResponse>(
    "POST /v1/recommend",
    { surface: "home", k: 2, ...body },
    { headers: { "x-dev-user": dev } },
  );

interface Report {
  readonly uses: readonly Record<string, unknown>[];
  readonly unused: readonly string[];
}

describe("a deprecated field", () => {
  it("works, and its answer says when it will not, and what to use", async () => {
    const { headers, body } = await ask({ constraints: { max_per_brand: 1 } });
    const brands = new Set(body.items.map(({ item_id: id }) => id));
    expect(brands.size).toBe(2);
    // 2026-11-01 and 2027-11-01, midnight UTC.
    expect(headers["deprecation"]).toBe("@1793491200");
    expect(headers["sunset"]).toBe("Mon, 01 Nov 2027 00:00:00 GMT");
    expect(headers["link"]).toContain('rel="deprecation"');
    expect(body.warnings).toContainEqual({
      code: "FIELD_DEPRECATED",
      detail:
        "constraints.max_per_brand is deprecated since 2026-11-01 and may be gone from 2027-11-01; use constraints.max_per_attribute.brand.",
    });
  });

  it("is not spoken of where it is not used", async () => {
    const { headers, body } = await ask({
      constraints: { max_per_attribute: { brand: 1 } },
    });
    expect(headers).not.toHaveProperty("deprecation");
    expect(body.warnings).toEqual([]);
  });

  it("is counted by caller, also in a batch and in validate", async () => {
    const constraints = { max_per_category: 1 };
    await ask({ constraints }, "bob");
    const headers = { "x-dev-user": "bob" };
    const request = { surface: "home", constraints };
    const batch = await harness.call(
      "POST /v1/recommend/batch",
      { requests: [request, { surface: "home" }] },
      { headers },
    );
    expect(batch.headers["sunset"]).toBe("Mon, 01 Nov 2027 00:00:00 GMT");
    await harness.call("POST /v1/recommend/validate", request, { headers });
    const report = await harness.call<Report>("GET /v1/reports/deprecations");
    expect(report.body.uses).toContainEqual({
      what: "constraints.max_per_category",
      caller: "bob",
      uses: 3,
      last_used_at: expect.any(String) as string,
      since: "2026-11-01",
      sunset: "2027-11-01",
      use: "constraints.max_per_attribute.category",
    });
    const metrics = await harness.call<string>("GET /metrics");
    expect(metrics.body).toMatch(
      /recsys_deprecated_uses_total\{tenant="demo",key="constraints.max_per_category"\} 3/,
    );
  });
});

describe("a deprecated key of the schema", () => {
  it("is counted and answered with the day since when", async () => {
    const { headers } = await harness.call("POST /v1/items", [
      { item_id: "item-0", attributes: { color: "red" } },
      { item_id: "item-1", attributes: { colour: "red" } },
    ]);
    expect(headers["deprecation"]).toBe("@1772323200");
    expect(headers).not.toHaveProperty("sunset");
    const report = await harness.call<Report>("GET /v1/reports/deprecations");
    expect(report.body.uses).toContainEqual(
      expect.objectContaining({
        what: "attributes.color",
        caller: "dev",
        uses: 1,
        use: "colour",
      }),
    );
  });

  it("has no date in the header where its owner wrote none", async () => {
    const { headers, body } = await ask({ user: { traits: { old: "x" } } });
    expect(headers).not.toHaveProperty("deprecation");
    expect(headers["link"]).toContain("deprecation");
    expect(body.warnings.map(({ code }) => code)).toEqual(["KEY_DEPRECATED"]);
  });
});

describe("max_per_attribute", () => {
  it("takes attributes of the schema only", async () => {
    const constraints = { max_per_attribute: { "attributes.size": 1 } };
    expect(await ask({ constraints })).toMatchObject({
      status: 422,
      body: {
        errors: [
          {
            path: "/constraints/max_per_attribute/attributes.size",
            code: "undeclared",
          },
        ],
      },
    });
  });
});

describe("the list of what is deprecated", () => {
  it("is what OpenAPI marks, both ways", () => {
    const document = openApiDocument(ROUTES, {
      version: "1",
      tenantHeader: "X-Org-Id",
    });
    const marked = new Set<string>();
    const walk = (value: unknown, path: readonly string[]): void => {
      if (typeof value !== "object" || value === null) return;
      const node = value as Record<string, unknown>;
      if (node["deprecated"] === true) marked.add(path.slice(-2).join("."));
      for (const [key, inner] of Object.entries(node)) {
        walk(inner, key === "properties" ? path : [...path, key]);
      }
    };
    walk(document, []);
    expect([...marked].sort()).toEqual(
      DEPRECATIONS.map(({ field }) => field).sort(),
    );
  });

  it("is what the guide lists, both ways", () => {
    const guide = readFileSync(
      join(import.meta.dirname, "../../../docs/requests.md"),
      "utf8",
    );
    const section = guide.split("## What is deprecated")[1] ?? "";
    const rows = [
      ...section.matchAll(
        /^\| `([^`]+)` +\| (\S+) +\| (\S+) +\| `([^`]+)` +\|$/gm,
      ),
    ].map(([, field, since, sunset, use]) => ({ field, since, sunset, use }));
    expect(rows).toEqual(
      DEPRECATIONS.map(({ field, since, sunset, use }) => ({
        field,
        since,
        sunset,
        use,
      })),
    );
  });
});
