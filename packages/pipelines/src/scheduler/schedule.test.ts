import { DAY_MS, HOUR_MS, MINUTE_MS } from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import {
  checkSchedule,
  nextDue,
  staleness,
  type Schedule,
} from "./schedule.ts";

const daily: Schedule = {
  name: "daily-training",
  owner: "team-recs",
  objectiveHours: 24,
  cron: "0 3 * * *",
};
const start = Date.UTC(2026, 0, 1, 0, 0);

/** Walks a month in steps of five minutes; a run takes 10 to 50 minutes; days in `missed` fail. Answers the moments the alert was on. */
function alerts(missed: ReadonlySet<number>): number[] {
  const on: number[] = [];
  let lastSuccess: number | null = null;
  let due = nextDue(daily, null, start);
  let finishing: number | null = null;
  let runs = 0;
  for (let now = start; now < start + 30 * DAY_MS; now += 5 * MINUTE_MS) {
    if (finishing !== null && now >= finishing) {
      lastSuccess = finishing;
      finishing = null;
    }
    if (now >= due) {
      runs += 1;
      if (!missed.has(runs))
        finishing = now + (10 + (runs % 5) * 10) * MINUTE_MS;
      due = nextDue(daily, lastSuccess, now);
    }
    if (
      staleness(daily.objectiveHours, lastSuccess, { now, since: start }).stale
    )
      on.push(now);
  }
  return on;
}

describe("a daily schedule over a simulated month", () => {
  it("raises no alert while every run succeeds", () => {
    expect(alerts(new Set())).toEqual([]);
  });

  it("raises the alert soon after one missed run and clears it with the next success", () => {
    const on = alerts(new Set([15]));
    const missedAt = start + 14 * DAY_MS + 3 * HOUR_MS;
    expect(on[0]).toBeGreaterThan(missedAt);
    expect(on[0]).toBeLessThanOrEqual(missedAt + 2 * HOUR_MS);
    expect(on.at(-1)).toBeLessThan(missedAt + DAY_MS + HOUR_MS);
  });
});

describe("checking a schedule", () => {
  it("refuses a job without owner and objective, all at once", () => {
    expect(
      checkSchedule({ name: "x", cron: "0 3 * * *" }, start).map((e) => e.path),
    ).toEqual(["/owner", "/objectiveHours"]);
  });

  it("refuses a cron that cannot be read or cannot meet the objective", () => {
    expect(checkSchedule({ ...daily, cron: "every day" }, start)).toHaveLength(
      1,
    );
    expect(
      checkSchedule({ ...daily, objectiveHours: 12 }, start)[0]?.code,
    ).toBe("unreachable");
    expect(checkSchedule(daily, start)).toEqual([]);
  });

  it("paces a schedule without cron at half of its objective", () => {
    const light = { name: "light", owner: "o", objectiveHours: 1 };
    expect(nextDue(light, null, start)).toBe(start);
    expect(nextDue(light, start, start + MINUTE_MS)).toBe(start + HOUR_MS / 2);
  });
});
