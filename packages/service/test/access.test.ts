import type { RecommendResponse } from "@recsys/contracts";
import { issueKey } from "@recsys/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keyDigest } from "../src/index.ts";
import { items, startHarness, type Harness } from "./harness.ts";

const SECRET = "0123456789abcdef0123456789abcdef";

let harness: Harness;
let requestId: string;
beforeAll(async () => {
  harness = await startHarness({
    environment: { API_KEY_HASH_SECRET: SECRET },
  });
  for (const role of ["viewer", "operator", "admin"] as const) {
    await harness.store.tenantless((db) =>
      issueKey(db, {
        tenant: "demo",
        role,
        name: role,
        digest: keyDigest(SECRET, `demo-${role}`),
      }),
    );
  }
  await harness.call("POST /v1/items", items(10));
  await harness.call("POST /v1/events", [
    { user_id: "anna", type: "view", item_id: "item-2" },
  ]);
  const list = await harness.call<RecommendResponse>("POST /v1/recommend", {
    surface: "home",
    user: { user_id: "anna" },
  });
  requestId = list.body.meta.request_id;
});
afterAll(async () => {
  await harness.end();
});

/** As the holder of a key of this role. */
const as = <T = Record<string, unknown>>(
  role: string,
  target: string,
  more: { readonly body?: unknown; readonly purpose?: string } = {},
) =>
  harness.call<T>(target, more.body, {
    headers: {
      authorization: `Bearer demo-${role}`,
      ...(more.purpose === undefined ? {} : { "x-purpose": more.purpose }),
    },
  });

interface Decision {
  readonly user_key: string;
  readonly record: {
    readonly subject: string;
    readonly user_state: { readonly events: unknown[] };
  };
}
interface Accesses {
  readonly items: readonly Readonly<Record<string, unknown>>[];
}

describe("reading what people did", () => {
  it("shows pseudonyms to who lacks personal:read, and no history", async () => {
    const target = `GET /v1/audit/decisions/${requestId}`;
    const full = (await as<Decision>("operator", target)).body;
    const veiled = (await as<Decision>("viewer", target)).body;
    expect(full.record.user_state.events).toHaveLength(1);
    expect(veiled.record.user_state.events).toEqual([]);
    expect(veiled.user_key).toMatch(/^[\w-]{22}$/);
    expect(veiled.record.subject).toBe(veiled.user_key);
    expect(JSON.stringify(veiled)).not.toContain(full.user_key);
    const events = await as<Accesses>("viewer", "GET /v1/events");
    expect(events.body.items[0]).toMatchObject({
      item_id: "item-2",
      user_key: veiled.user_key,
    });
    // Who may not see people may not ask for one either.
    for (const url of [
      "GET /v1/events?user_id=anna",
      "GET /v1/audit/decisions?user_id=anna",
      "GET /v1/users",
    ]) {
      expect(await as("viewer", url)).toMatchObject({ status: 403 });
    }
    const ask = { body: { item_ids: ["item-1"] } };
    const whyNot = `POST /v1/audit/decisions/${requestId}/why-not`;
    expect((await as("viewer", whyNot, ask)).status).toBe(403);
    expect((await as("operator", whyNot, ask)).status).toBe(200);
  });

  it("leaves a record of who, whom and what for, which nobody can change", async () => {
    const purpose = "ticket 4711";
    for (const url of [
      `/v1/audit/decisions/${requestId}`,
      "/v1/audit/decisions?user_id=anna",
      "/v1/events?user_id=anna",
      "/v1/exposures",
      "/v1/outcomes",
      "/v1/users",
    ]) {
      const answer = await as("operator", `GET ${url}`, { purpose });
      expect(answer.status).toBe(200);
    }
    const all = await as<Accesses>("admin", "GET /v1/audit/access?limit=6");
    expect(
      all.body.items.map(({ kind, actor, shown, purpose }) => [
        kind,
        actor,
        shown,
        purpose,
      ]),
    ).toEqual(
      ["users", "outcomes", "exposures", "events", "decisions", "decision"].map(
        (kind) => [kind, "key:operator", "personal", purpose],
      ),
    );
    const ofAnna = await as<Accesses>(
      "admin",
      "GET /v1/audit/access?user_id=anna",
    );
    expect(ofAnna.body.items.map(({ kind }) => kind)).toEqual([
      "events",
      "decisions",
    ]);
    expect((await as("operator", "GET /v1/audit/access")).status).toBe(403);
    await expect(
      harness.store.inTenant("demo", (tx) =>
        tx.db.deleteFrom("access_log" as never).execute(),
      ),
    ).rejects.toThrow(/permission denied/);
  });

  it("lets an export out for a purpose only, with its last day", async () => {
    const target = "GET /v1/audit/decisions";
    const ask = (role: string, purpose?: string) =>
      harness.call(target, undefined, {
        headers: {
          authorization: `Bearer demo-${role}`,
          accept: "application/x-ndjson",
          ...(purpose === undefined ? {} : { "x-purpose": purpose }),
        },
      });
    expect(await ask("operator")).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/headers/x-purpose", code: "required" }] },
    });
    expect(await ask("operator", "x".repeat(501))).toMatchObject({
      status: 422,
      body: { errors: [{ code: "length" }] },
    });
    expect((await ask("viewer", "audit")).status).toBe(403);
    const sent = await ask("operator", "audit");
    expect(sent.status).toBe(200);
    const expires = String(sent.headers["x-export-expires"]);
    expect(Date.parse(expires)).toBeGreaterThan(Date.now() + 29 * 86_400_000);
    const { body } = await as<Accesses>(
      "admin",
      "GET /v1/audit/access?kind=export",
    );
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({
      purpose: "audit",
      expires_at: expires,
      rows: null,
    });
  });

  it("finds decisions by rule, source, version and what applied", async () => {
    const found = async (query: string) => {
      const answer = await as<Accesses>(
        "operator",
        `GET /v1/audit/decisions?${query}`,
      );
      expect(answer.status).toBe(200);
      return answer.body.items.length;
    };
    expect(await found("config_version=0-default")).toBe(1);
    expect(await found("config_version=0")).toBe(1);
    expect(await found("rules_version=7")).toBe(0);
    expect(await found("rule_id=nothing")).toBe(0);
    expect(await found("experiment=none")).toBe(0);
    expect(await found("bandit=none")).toBe(0);
    expect(await found("source=trending")).toBe(0);
  });
});

describe("the administrative audit log", () => {
  it("shows viewers who changed what, and no contents", async () => {
    await harness.call(
      "PUT /v1/admin/rules?reason=secret",
      { rules: [] },
      {
        headers: { "if-match": "*" },
      },
    );
    const entries = async (role: string) =>
      (await as<Accesses>(role, "GET /v1/admin/audit?limit=1")).body.items[0];
    expect(Object.keys((await entries("viewer")) ?? {})).toEqual([
      "seq",
      "at",
      "actor",
      "actor_kind",
      "action",
      "subject",
    ]);
    expect(await entries("admin")).toMatchObject({
      details: { reason: "secret" },
    });
  });
});
