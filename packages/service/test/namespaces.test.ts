import type { RecommendResponse } from "@recsys/contracts";
import { verifyAudit } from "@recsys/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evidenceHash, type NamespaceEvidence } from "../src/index.ts";
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
  for (const namespace of ["books", "toys"]) {
    await harness.call(`POST /v1/items?namespace=${namespace}`, items(6));
    await harness.call(`POST /v1/events?namespace=${namespace}`, [
      { user_id: "anna", type: "view", item_id: "item-2" },
    ]);
    await harness.call(`POST /v1/users?namespace=${namespace}`, [
      { user_id: "anna", consent: "granted" },
    ]);
    await harness.call(
      `PUT /v1/admin/rules?namespace=${namespace}`,
      {
        rules: [
          {
            id: "four-first",
            action: "PIN",
            target: { item_ids: ["item-4"] },
            priority: 1,
            enabled: true,
            owner: "merch",
            reason: "campaign",
          },
        ],
      },
      { headers: { "if-match": "*" } },
    );
    const { body } = await ask(namespace);
    await recordOf(harness, body.meta.request_id);
  }
});
afterAll(async () => {
  await harness.end();
});

const ask = (namespace: string) =>
  harness.call<RecommendResponse>("POST /v1/recommend", {
    surface: "home",
    namespace,
    k: 3,
    user: { user_id: "anna" },
  });

interface Done {
  readonly evidence: NamespaceEvidence;
  readonly sha256: string;
  readonly errors?: readonly object[];
}
const reset = (name: string, body: object) =>
  harness.call<Done>(`POST /v1/admin/namespaces/${name}/reset`, {
    reason: "pilot over",
    ...body,
  });
const copy = (name: string, body: object) =>
  harness.call<Done>(`POST /v1/admin/namespaces/${name}/copy`, {
    reason: "a trial",
    ...body,
  });
const count = async (route: string, namespace: string) =>
  (
    await harness.call<{ items: unknown[] }>(
      `GET ${route}?namespace=${namespace}`,
    )
  ).body.items.length;

describe("a copy", () => {
  it("has items and configuration, and nobody of the source", async () => {
    const done = await copy("books", { to: "trial", confirm: "trial" });
    expect(done.status).toBe(200);
    const { evidence, sha256 } = done.body;
    expect(sha256).toBe(evidenceHash(evidence));
    expect(evidence).toMatchObject({
      action: "copy",
      from: "books",
      catalogue: { before: { items: 0 }, after: { items: 6 } },
      documents: [{ document: "rules", before: null }],
    });
    const list = await ask("trial");
    expect(idsOf(list)[0]).toBe("item-4");
    expect(await count("/v1/items", "trial")).toBe(6);
    expect(await count("/v1/events", "trial")).toBe(0);
    expect(await count("/v1/users", "trial")).toBe(0);
  });

  it("goes nowhere that has items, and comes from nowhere that has nothing", async () => {
    expect(await copy("books", { to: "toys", confirm: "toys" })).toMatchObject({
      status: 409,
      body: { code: "ALREADY_EXISTS" },
    });
    expect(await copy("nowhere", { to: "new", confirm: "new" })).toMatchObject({
      status: 404,
      body: { code: "NAMESPACE_UNKNOWN" },
    });
    expect(await copy("books", { to: "new", confirm: "books" })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/confirm", code: "confirmation" }] },
    });
  });
});

describe("a reset", () => {
  it("is refused without the name once more", async () => {
    for (const confirm of ["", "toys", "yes"]) {
      expect((await reset("books", { confirm })).status).toBe(422);
    }
    expect(await count("/v1/items", "books")).toBe(6);
  });

  it("removes all of one namespace, says what, and touches nothing else", async () => {
    const done = await reset("books", { confirm: "books" });
    expect(done.status).toBe(200);
    const { evidence, sha256 } = done.body;
    expect(sha256).toBe(evidenceHash(evidence));
    const rows = Object.fromEntries(
      evidence.removed.map(({ table, rows: n }) => [table, n]),
    );
    expect(rows).toMatchObject({
      items: 6,
      events: 1,
      decisions: 1,
      people: 1,
      users: 1,
    });
    expect(evidence.catalogue).toMatchObject({
      before: { items: 6 },
      after: { items: 0 },
    });
    expect(evidence.documents).toMatchObject([{ document: "rules" }]);
    for (const route of ["/v1/items", "/v1/events", "/v1/users"]) {
      expect(await count(route, "books")).toBe(0);
      expect(await count(route, "toys")).not.toBe(0);
    }
    expect((await ask("books")).body.items).toEqual([]);
    expect(idsOf(await ask("toys"))[0]).toBe("item-4");
    const audit = await harness.call<{ items: Record<string, unknown>[] }>(
      "GET /v1/admin/audit?limit=1",
    );
    expect(audit.body.items[0]).toMatchObject({
      seq: evidence.audit_entry,
      action: "namespace.reset",
      subject: "books",
      details: { reason: "pilot over" },
    });
    expect(await verifyAudit(harness.store, "demo")).toMatchObject({
      ok: true,
    });
    // It works again at once.
    await harness.call("POST /v1/items?namespace=books", items(2));
    expect((await ask("books")).body.items).toHaveLength(2);
  });

  it("may leave the configuration", async () => {
    const done = await reset("toys", {
      confirm: "toys",
      keep_configuration: true,
    });
    expect(done.body.evidence.documents).toEqual([]);
    await harness.call("POST /v1/items?namespace=toys", items(6));
    expect(idsOf(await ask("toys"))[0]).toBe("item-4");
  });
});
