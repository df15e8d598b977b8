import {
  HOUR_MS,
  type BatchResult,
  type RecommendResponse,
} from "@recsys/contracts";
import { listCanaryCounts, listEvents } from "@recsys/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { idsOf, items, startHarness, type Harness } from "./harness.ts";

const NOW = Date.UTC(2026, 2, 10, 12);
const at = (hours: number) => new Date(NOW + hours * HOUR_MS).toISOString();

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ deps: { clock: () => NOW } });
  const surfaces = await harness.call<{ content: Record<string, object> }>(
    "GET /v1/admin/config/surfaces",
  );
  // A busy machine is no reason to give up a read.
  const { home } = surfaces.body.content;
  await harness.call(
    "PUT /v1/admin/config/surfaces",
    { home: { ...home, latency_budget_ms: 10_000 } },
    { headers: { "if-match": "*" } },
  );
  await harness.call("POST /v1/items", items(10));
});
afterAll(async () => {
  await harness.end();
});

const send = (rows: unknown[], noun = "events") =>
  harness.call<BatchResult>(`POST /v1/${noun}`, rows);

const list = (user: object, more: object = {}) =>
  harness.call<RecommendResponse>("POST /v1/recommend", {
    surface: "home",
    k: 4,
    user,
    ...more,
  });

describe("events", () => {
  it("are judged row by row by the stated policies", async () => {
    const event = { user_id: "u", type: "view", item_id: "item-1" };
    const answer = await send([
      { ...event, event_id: "late", ts: at(-48) },
      { ...event, event_id: "future", ts: at(1) },
      { ...event, event_id: "soon", ts: at(0.1) },
      { ...event, type: "sneeze" },
      { type: "view", item_id: "item-1" },
      { ...event, ts: "1989-12-31T23:59:59Z" },
      { ...event, ts: "2026-02-30T00:00:00Z" },
      { ...event, event_id: "late", ts: at(-48) },
      { ...event, context: { country: "France", note: "private" } },
    ]);
    const found = answer.body.results.map(({ status, errors, warnings }) =>
      [status, errors?.[0]?.path, errors?.[0]?.code, warnings?.[0]]
        .filter((part) => part !== undefined)
        .join(" "),
    );
    expect(found).toEqual([
      "accepted arrived more than 24 hours late",
      "rejected /ts future",
      "accepted",
      "rejected /type unknown_event_type",
      "rejected /user_id required",
      "rejected /ts too_old",
      "rejected /ts time",
      "duplicate arrived more than 24 hours late",
      "accepted The context key note is not declared in the schema, so it was not used.",
    ]);
    const listed = await harness.call<{
      items: { event_id: string; late: boolean; context: object | null }[];
    }>("GET /v1/events?user_id=u");
    expect(listed.body.items.find((e) => e.event_id === "late")?.late).toBe(
      true,
    );
    expect(JSON.stringify(listed.body)).not.toContain("private");
  });

  it("without ts get the time of their first receipt, so that a retry is a duplicate", async () => {
    const row = {
      user_id: "u",
      type: "view",
      item_id: "item-2",
      event_id: "r",
    };
    expect((await send([row])).body.accepted).toBe(1);
    expect((await send([row])).body.duplicate).toBe(1);
  });

  it("can be checked without being written", async () => {
    const rows = [{ user_id: "v", type: "view", item_id: "item-1" }, {}];
    const answer = await send(rows, "events/validate");
    expect(answer.body).toMatchObject({ accepted: 1, rejected: 1 });
    const listed = await harness.call<{ items: [] }>(
      "GET /v1/events?user_id=v",
    );
    expect(listed.body.items).toEqual([]);
  });

  it("that are canaries are counted by client and leave nothing else", async () => {
    await send([
      {
        user_id: "canary",
        type: "purchase",
        item_id: "item-3",
        canary: true,
        client: "web 1.2",
      },
    ]);
    await harness.store.inTenant("demo", async (tx) => {
      const counts = await listCanaryCounts(tx, "default", 0);
      expect(counts).toMatchObject([{ client: "web 1.2", events: 1 }]);
      const filter = { itemId: "item-3" };
      const found = await listEvents(tx, "default", { limit: 9, filter });
      expect(found.rows).toEqual([]);
    });
    expect(idsOf(await list({ user_id: "canary" }, { k: 10 }))).toContain(
      "item-3",
    );
  });

  it("are deleted by filter only", async () => {
    await send([{ user_id: "gone", type: "view", item_id: "item-1" }]);
    const gone = await harness.call("DELETE /v1/events?user_id=gone");
    expect(gone.body).toEqual({ deleted: 1 });
    expect((await harness.call("DELETE /v1/events")).status).toBe(422);
    const nobody = await harness.call("DELETE /v1/events?user_id=never");
    expect(nobody.body).toEqual({ deleted: 0 });
  });
});

describe("a merge", () => {
  it("keeps history and the older assignment, and says the same when repeated", async () => {
    await send([
      { anonymous_id: "device", type: "purchase", item_id: "item-5" },
    ]);
    await send([{ user_id: "mia", type: "view", item_id: "item-6" }]);
    const merge = () =>
      harness.call("POST /v1/users/merge", {
        anonymous_id: "device",
        user_id: "mia",
      });
    expect((await merge()).body).toMatchObject({
      merged: true,
      events_moved: 1,
    });
    expect((await merge()).body).toMatchObject({ merged: false });
    for (const user of [{ user_id: "mia" }, { anonymous_id: "device" }]) {
      const ids = idsOf(await list(user, { k: 10 }));
      expect(ids).not.toContain("item-5");
      expect(ids).not.toContain("item-6");
    }
  });
});

describe("exposures and outcomes", () => {
  it("join to the list they followed from, by the window of the type", async () => {
    const shown = await list({ user_id: "kim" });
    const { request_id } = shown.body.meta;
    const [first = "", second = ""] = idsOf(shown);
    const seen = await send(
      [
        {
          request_id,
          item_ids: [first, second],
          ts: at(-47),
          exposure_id: "x",
        },
      ],
      "exposures",
    );
    expect(seen.body.accepted).toBe(1);
    const outcomes = await send(
      [
        {
          request_id,
          item_id: first,
          type: "purchase",
          user_id: "kim",
          price: 5,
          ts: at(-1),
        },
        {
          request_id,
          item_id: second,
          type: "click",
          user_id: "kim",
          ts: at(-1),
        },
        { request_id, item_id: first, type: "sneeze", user_id: "kim" },
      ],
      "outcomes",
    );
    expect(outcomes.body).toMatchObject({ accepted: 2, rejected: 1 });
    const listed = await harness.call<{ items: object[] }>(
      `GET /v1/outcomes?request_id=${request_id}`,
    );
    expect(listed.body.items).toHaveLength(2);
    const span = `from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z`;
    const report = await harness.call(`GET /v1/reports/attribution?${span}`);
    // 46 hours lie within the week of a purchase and outside the day of a click.
    expect(report.body).toMatchObject({
      counts: { outcomes: 2, matched: 1, outsideWindow: 1 },
      by_type: {
        purchase: { outcomes: 1, attributed: 1, attributed_value: 5 },
        click: { outcomes: 1, attributed: 0 },
      },
    });
  });
});

describe("pages", () => {
  it("show every item once, in the order of the first page's world", async () => {
    const seen: string[] = [];
    let token: string | undefined;
    for (let page = 0; page < 5; page++) {
      const answer = await list(
        { user_id: "pager" },
        token === undefined ? {} : { page_token: token },
      );
      seen.push(...idsOf(answer));
      token = answer.body.next_page_token;
      if (token === undefined) break;
    }
    expect(seen).toHaveLength(10);
    expect(new Set(seen).size).toBe(10);
  });

  it("do not repeat what other answers showed, from memory and from the database", async () => {
    // The clock here is far behind that of the database, which drops old decisions of people whom nobody knows.
    await send([{ user_id: "twice" }], "users");
    const first = await list({ user_id: "twice" });
    const exclude_request_ids = [first.body.meta.request_id];
    const more = { k: 6, exclude_request_ids };
    const second = idsOf(await list({ user_id: "twice" }, more));
    expect(second.filter((id) => idsOf(first).includes(id))).toEqual([]);
    await harness.restart();
    const third = await list({ user_id: "twice" }, more);
    expect(idsOf(third)).toEqual(second);
    expect(third.body.warnings).toEqual([]);
    const foreign = await list(
      { user_id: "twice" },
      { exclude_request_ids: ["01900000-0000-7000-8000-000000000000"] },
    );
    expect(foreign.body.warnings).toMatchObject([
      { code: "REQUEST_ID_UNKNOWN" },
    ]);
  });
});

describe("amounts", () => {
  it("that no sum could carry are refused, in events and outcomes alike", async () => {
    const event = { user_id: "rich", type: "purchase", item_id: "item-1" };
    const rows = [
      { ...event, value: 1e308 },
      { ...event, value: -1e308 },
      { ...event, price: 1e13 },
      { ...event, quantity: 1e13 },
    ];
    const request_id = "01890000-0000-7000-8000-000000000000";
    const answers = [
      await send(rows),
      await send(
        rows.map((row) => ({ ...row, request_id })),
        "outcomes",
      ),
    ];
    for (const { body } of answers) {
      const found = body.results.map(({ errors }) => [
        errors?.[0]?.path,
        errors?.[0]?.code,
      ]);
      expect(found).toEqual([
        ["/value", "maximum"],
        ["/value", "minimum"],
        ["/price", "maximum"],
        ["/quantity", "maximum"],
      ]);
    }
  });
});
