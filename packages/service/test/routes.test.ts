import { ERRORS, PERMISSIONS } from "@recsys/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApiDocument, ROUTES } from "../src/index.ts";
import { errorCodesOf } from "../src/http/openapi.ts";
import { startHarness, type Harness } from "./harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => {
  await harness.end();
});

const document = openApiDocument(ROUTES, {
  version: "1",
  tenantHeader: "X-Org-Id",
}) as {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { responses: object }>>>
  >;
};

describe("every route", () => {
  it("has a name and an address of its own", () => {
    const names = ROUTES.map((route) => route.name);
    const places = ROUTES.map((route) => `${route.method} ${route.url}`);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(places).size).toBe(places.length);
  });

  it.each(ROUTES.map((route) => [route.name, route] as const))(
    "%s states schema, permission, errors and its entry in OpenAPI",
    async (_name, route) => {
      const path = route.url.replaceAll(/:([a-z_]+)/g, "{$1}");
      const entry = document.paths[path]?.[route.method.toLowerCase()];
      expect(entry).toBeDefined();
      const statuses = Object.keys(entry?.responses ?? {});
      expect(statuses).toContain(String(route.answerStatus));
      for (const code of errorCodesOf(route)) {
        expect(statuses).toContain(String(ERRORS[code].status));
      }
      expect(route.body !== null).toBe(
        route.bodyKind === "json" || route.bodyKind === "rows",
      );
      const url = route.url.replaceAll(/:[a-z_]+/g, "x");
      if (route.permission === "public") return;
      expect(PERMISSIONS).toHaveProperty([route.permission]);
      const answer = await harness.service.app.inject({
        method: route.method,
        url,
      });
      expect(answer.statusCode).toBe(401);
      expect(answer.headers["content-type"]).toContain(
        "application/problem+json",
      );
    },
  );

  it("appears in the document that is served, and /docs shows it", async () => {
    const served = await harness.call<typeof document>("GET /openapi.json");
    expect(Object.keys(served.body.paths)).toEqual(Object.keys(document.paths));
    expect((await harness.call("GET /docs/")).status).toBe(200);
  });

  it("tells of each replica whether it is current and whether it is gone", () => {
    const answer = JSON.stringify(document.paths["/health/detailed"]);
    for (const name of ["is_current", "is_gone", "is_self"]) {
      expect(answer).toContain(`"${name}":{"type":"boolean"`);
    }
  });

  it("holds no reference that leads nowhere", () => {
    const text = JSON.stringify(document);
    const names = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)];
    for (const [, name] of names) {
      expect(document).toHaveProperty(["components", "schemas", name ?? ""]);
    }
    expect(names.length).toBeGreaterThan(0);
  });
});
