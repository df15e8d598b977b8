import { describe, expect, it } from "vitest";
import { hasTagOf, makeRequestId } from "./request-id.ts";

const now = Date.UTC(2026, 0, 31);

describe("makeRequestId", () => {
  it("makes UUIDs of version 7 that sort by time", () => {
    const first = makeRequestId("demo", now);
    const second = makeRequestId("demo", now + 1);
    expect(first).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(first < second).toBe(true);
    expect(Number.parseInt(first.replaceAll("-", "").slice(0, 12), 16)).toBe(
      now,
    );
  });

  it("lets a tenant recognise its own ids and no one else's", () => {
    const id = makeRequestId("demo", now);
    expect(hasTagOf(id, "demo")).toBe(true);
    expect(hasTagOf(id, "other")).toBe(false);
    expect(hasTagOf(makeRequestId(null, now), "demo")).toBe(false);
  });

  it("does not repeat within a millisecond", () => {
    const ids = new Set(
      Array.from({ length: 10_000 }, () => makeRequestId("demo", now)),
    );
    expect(ids.size).toBe(10_000);
  });
});
