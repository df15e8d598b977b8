import type { BatchResult } from "@recsys/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startHarness, type Harness } from "./harness.ts";

const NOW = Date.UTC(2026, 2, 10, 12);
const REQUEST = "01957f1a-0000-7000-8000-000000000000";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ deps: { clock: () => NOW } });
});
afterAll(async () => {
  await harness.end();
});

async function errorsOf(noun: string, row: object): Promise<string[]> {
  const { body } = await harness.call<BatchResult>(`POST /v1/${noun}`, [row]);
  const [result] = body.results;
  expect(result?.status).toBe("rejected");
  return (result?.errors ?? []).map(({ path, code }) => `${path} ${code}`);
}

describe("a row that is wrong in several ways gets all its errors at once", () => {
  const event = { user_id: "ada", type: "purchse", item_id: "22423" };

  it.each(["events", "events/validate"])(
    "by its schema and by meaning, in %s",
    async (noun) => {
      expect(
        await errorsOf(noun, {
          ...event,
          foo: 1,
          ts: "2026-02-30T00:00:00Z",
          context: { country: 7 },
        }),
      ).toEqual([
        "/foo unknown_field",
        "/ts time",
        "/type unknown_event_type",
        "/context/country type",
      ]);
    },
  );

  it("but none about a field that is not there, or already refused", async () => {
    expect(await errorsOf("events", { type: 3, user_id: "" })).toEqual([
      "/item_id required",
      "/user_id minLength",
      "/type type",
    ]);
    expect(
      await errorsOf("events", { ...event, user_id: undefined, foo: 1 }),
    ).toEqual([
      "/foo unknown_field",
      "/type unknown_event_type",
      "/user_id required",
    ]);
  });

  it("but none of meaning where more is wrong than is listed", async () => {
    const unknown = Object.fromEntries(
      Array.from({ length: 20 }, (_, n) => [`zz${n}`, 1]),
    );
    const errors = await errorsOf("events", { ...unknown, ...event, type: {} });
    expect(errors).toContain("/zz0 unknown_field");
    expect(errors).not.toContain("/type unknown_event_type");
  });

  it.each([
    [
      "items",
      { item_id: "a", price: -1, created_at: "2026-02-30T00:00:00Z" },
      ["/price minimum", "/created_at time"],
    ],
    [
      "items",
      { item_id: "a", price: -1, attributes: { size: 3 } },
      ["/price minimum", "/attributes/size undeclared"],
    ],
    [
      "users",
      { user_id: "a", foo: 1, traits: { plan: "x" } },
      ["/foo unknown_field", "/traits/plan undeclared"],
    ],
    [
      "exposures",
      { request_id: REQUEST, item_ids: [], ts: "2027-01-01T00:00:00Z" },
      ["/item_ids minItems", "/ts future"],
    ],
    [
      "outcomes",
      { request_id: "x", item_id: "a", type: "purchse" },
      ["/request_id format", "/type unknown_event_type"],
    ],
  ])("in %s: %j", async (noun, row, errors) => {
    expect(await errorsOf(noun, row)).toEqual(errors);
  });
});
