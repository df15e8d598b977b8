import { DAY_MS } from "@recsys/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseTime, shifted, weeksToNow } from "./times.ts";

test.each([
  ["2010-12-01T08:26:00", "2010-12-01T08:26:00.000Z"],
  ["2010-12-01 08:26", "2010-12-01T08:26:00.000Z"],
  ["2010-12-01", "2010-12-01T00:00:00.000Z"],
  ["2010-12-01T08:26:00+0200", "2010-12-01T06:26:00.000Z"],
  ["2010-12-01T08:26:00.5-05:00", "2010-12-01T13:26:00.500Z"],
  ["874724710", "1997-09-20T03:05:10.000Z"],
  [1_290_000_000_000, "2010-11-17T13:20:00.000Z"],
])("%s is %s", (value, expected) => {
  const ms = parseTime(value);
  expect(ms === undefined ? undefined : new Date(ms).toISOString()).toBe(
    expected,
  );
});

test.each([
  "",
  "12/01/2010",
  "2010-13-01",
  "soon",
  "-5",
  null,
  Number.NaN,
  1e300,
])("%s is no time", (value) => {
  expect(parseTime(value)).toBeUndefined();
});

test("a shift by weeks keeps the weekday, lies in the last seven days and never in the future", () => {
  const moment = fc.integer({ min: 0, max: 4e12 });
  fc.assert(
    fc.property(moment, moment, (last, now) => {
      const days = weeksToNow(last, now);
      expect(Math.abs(days % 7)).toBe(0);
      const moved = last + days * DAY_MS;
      expect(moved).toBeLessThanOrEqual(now);
      expect(moved).toBeGreaterThan(now - 8 * DAY_MS);
    }),
  );
});

test("Sunday 26 June 2011 comes to lie on Sunday 15 November 2026 for an import on Saturday the 21st", () => {
  const last = Date.parse("2011-06-26T10:59:00Z");
  const days = weeksToNow(last, Date.parse("2026-11-21T08:00:00Z"));
  expect(shifted(last, days)).toBe("2026-11-15T10:59:00.000Z");
});
