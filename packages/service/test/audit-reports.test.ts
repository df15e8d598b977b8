import type { RecommendResponse } from "@recsys/contracts";
import { findDecision, issueKey } from "@recsys/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createReplayer,
  debugPage,
  gatherDebug,
  htmlPage,
  keyDigest,
} from "../src/index.ts";
import { items, recordOf, startHarness, type Harness } from "./harness.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const NOW = Date.now();
const SPAN = {
  from: new Date(NOW - 3_600_000).toISOString(),
  to: new Date(NOW + 3_600_000).toISOString(),
};

let harness: Harness;
let requestId: string;
beforeAll(async () => {
  harness = await startHarness({
    environment: { API_KEY_HASH_SECRET: SECRET },
  });
  for (const role of ["viewer", "operator"] as const) {
    await harness.store.tenantless((db) =>
      issueKey(db, {
        tenant: "demo",
        role,
        name: role,
        digest: keyDigest(SECRET, `demo-${role}`),
      }),
    );
  }
  await harness.call("POST /v1/items", [
    ...items(10),
    { item_id: "evil", title: "<script>alert(1)</script>" },
  ]);
  await harness.call("POST /v1/items", [
    { item_id: "item-3", available: false },
  ]);
  await harness.call(
    "PUT /v1/admin/rules?reason=autumn+campaign",
    {
      rules: [
        {
          id: "no-six",
          action: "BLOCK",
          target: { item_ids: ["item-6"] },
          priority: 1,
          enabled: true,
          owner: "merchandising",
          reason: "recalled by the maker",
        },
        {
          id: "evil-first",
          action: "PIN",
          target: { item_ids: ["evil"] },
          priority: 1,
          enabled: true,
          owner: "merchandising",
          reason: "campaign",
        },
      ],
    },
    { headers: { "if-match": "*" } },
  );
  await harness.call("POST /v1/events", [
    { user_id: "anna", type: "view", item_id: "item-2" },
  ]);
  const list = await harness.call<RecommendResponse>("POST /v1/recommend", {
    surface: "home",
    k: 3,
    user: { user_id: "anna" },
  });
  requestId = list.body.meta.request_id;
  await recordOf(harness, requestId);
});
afterAll(async () => {
  await harness.end();
});

const as = <T = Record<string, unknown>>(
  role: string,
  target: string,
  body?: unknown,
) =>
  harness.call<T>(target, body, {
    headers: { authorization: `Bearer demo-${role}` },
  });

describe("a report on what a person was shown", () => {
  it("is asked for by one, approved by another, and redacted by role", async () => {
    const asked = await as<{ report_id: string }>(
      "viewer",
      "POST /v1/audit/reports",
      { user_id: "anna", ...SPAN, purpose: "complaint 12" },
    );
    expect(asked).toMatchObject({
      status: 201,
      body: { state: "requested", requested_by: "key:viewer" },
    });
    const url = `/v1/audit/reports/${asked.body.report_id}`;
    expect(await as("operator", `GET ${url}`)).toMatchObject({
      status: 409,
      body: { code: "REPORT_NOT_READABLE", detail: "The report is requested." },
    });
    const yes = { decision: "approved" };
    expect((await as("viewer", `POST ${url}/decision`, yes)).status).toBe(403);
    expect(await as("operator", `POST ${url}/decision`, yes)).toMatchObject({
      status: 200,
      body: { state: "approved", self_approved: false },
    });
    expect((await as("operator", `POST ${url}/decision`, yes)).status).toBe(
      409,
    );

    const full = await as<string>("operator", `GET ${url}`);
    expect(full.headers["content-type"]).toContain("text/html");
    for (const part of [
      requestId,
      "evil-first",
      "complaint 12",
      "view item-2",
    ]) {
      expect(full.body).toContain(part);
    }
    const veiled = (await as<string>("viewer", `GET ${url}`)).body;
    expect(veiled).toContain(requestId);
    expect(veiled).toContain("Redacted");
    expect(veiled).not.toContain("view item-2");
    const { record } = (
      await harness.call<{ record: { subject: string } }>(
        `GET /v1/audit/decisions/${requestId}`,
      )
    ).body;
    expect(full.body).toContain(record.subject);
    expect(veiled).not.toContain(record.subject);
    // Nothing is loaded and nothing runs.
    expect(full.body).not.toMatch(/<script|src=|href=/);

    const read = await harness.call<{ items: Record<string, unknown>[] }>(
      "GET /v1/audit/access?kind=report&user_id=anna",
    );
    expect(
      read.body.items.map(({ actor, shown, purpose }) => [
        actor,
        shown,
        purpose,
      ]),
    ).toEqual([
      ["key:viewer", "pseudonyms", "complaint 12"],
      ["key:operator", "personal", "complaint 12"],
    ]);
  });

  it("may be refused, and says who approved their own", async () => {
    const ask = async (who: string) =>
      (
        await harness.call<{ report_id: string }>(
          "POST /v1/audit/reports",
          { user_id: "anna", ...SPAN, purpose: "curiosity" },
          { headers: { "x-dev-user": who } },
        )
      ).body.report_id;
    const decide = (id: string, decision: string) =>
      harness.call(
        `POST /v1/audit/reports/${id}/decision`,
        { decision },
        { headers: { "x-dev-user": "ada" } },
      );
    const refused = await ask("ben");
    expect((await decide(refused, "refused")).body).toMatchObject({
      state: "refused",
      decided_by: "ada",
    });
    expect(
      await harness.call(`GET /v1/audit/reports/${refused}`),
    ).toMatchObject({ status: 409 });
    expect((await decide(await ask("ada"), "approved")).body).toMatchObject({
      self_approved: true,
    });
    const { body } = await harness.call<{ items: unknown[] }>(
      "GET /v1/audit/reports?limit=2",
    );
    expect(body.items).toMatchObject([
      { state: "approved", requested_by: "ada" },
      { state: "refused", requested_by: "ben" },
    ]);
  });

  it("needs a person and a span", async () => {
    const wrong = (body: object) =>
      harness.call("POST /v1/audit/reports", { purpose: "x", ...body });
    expect(await wrong(SPAN)).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/user_id", code: "required" }] },
    });
    expect(
      await wrong({ user_id: "anna", from: SPAN.to, to: SPAN.from }),
    ).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/to", code: "range" }] },
    });
  });
});

describe("the debug page", () => {
  const pageOf = async (itemIds: readonly string[]) => {
    const found = await harness.store.inTenant("demo", (tx) =>
      findDecision(tx, requestId),
    );
    if (found === null) throw new Error("no decision");
    const { store, objects } = harness;
    const replayer = createReplayer({ store, tenant: "demo", objects });
    return debugPage(await gatherDebug({ store, replayer }, found, itemIds));
  };
  const rowsOf = (
    page: Awaited<ReturnType<typeof pageOf>>,
    title: string,
  ): readonly (readonly unknown[])[] =>
    page.sections.find((each) => each.title === title)?.table?.rows ?? [];

  it("names the cause and the owner for each item that was asked about", async () => {
    const page = await pageOf(["item-6", "item-3"]);
    const causes = rowsOf(page, "Likely cause and owner");
    expect(causes[0]).toEqual([
      "item-6: This item is blocked by a rule (blocked:no-six). The rule's reason: recalled by the maker.",
      "merchandising (rule no-six)",
    ]);
    expect(causes[1]?.[1]).toMatch(/^integration/);
    expect(causes.map(([cause]) => cause)).toContainEqual(
      expect.stringMatching(/^rules changed 0\.0 hours before/),
    );
    expect(rowsOf(page, "Why not")).toHaveLength(2);
    expect(rowsOf(page, "Changes of the week before, and since")).toMatchObject(
      [[expect.any(String), "rules", 1, "dev", "autumn campaign"]],
    );
  });

  it("counts the whole catalogue where no item is named, and repeats the list", async () => {
    const page = await pageOf([]);
    const answers = rowsOf(page, "Why not").length;
    expect(answers).toBe(11);
    expect(JSON.stringify(page)).toContain("the same to the last bit");
    const html = htmlPage(page);
    expect(html).not.toContain("<script");
    expect(html).toContain(requestId);
  });
});
