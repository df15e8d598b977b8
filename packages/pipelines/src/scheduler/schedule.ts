import { Cron } from "croner";
import { HOUR_MS, type FieldError } from "@recsys/contracts";

/** When a set of jobs runs, who answers for it, and how old its last success may become. */
export interface Schedule {
  readonly name: string;
  readonly owner: string;
  /** The longest age of the last success that is still fine. */
  readonly objectiveHours: number;
  /** Cron expression (UTC); without it the objective itself sets the pace. */
  readonly cron?: string;
  /** Jobs to run; absent: all that the tenant's serving mode calls for. */
  readonly jobs?: readonly string[];
}

/** Time that a run may take before its success counts as late. */
const RUN_ALLOWANCE_MS = HOUR_MS;

/** Without cron, a run starts when half of the objective has passed, so that one retry still meets it. */
const PACE = 0.5;

/** Lists all that is wrong with a schedule: no owner, no objective, unreadable cron, or a cron too slow for the objective. */
export function checkSchedule(
  schedule: Partial<Schedule>,
  now: number,
): FieldError[] {
  const errors: FieldError[] = [];
  const fault = (path: string, code: string, message: string) =>
    errors.push({ path, code, message });
  if ((schedule.name ?? "").trim() === "") {
    fault("/name", "required", "a schedule needs a name");
  }
  if ((schedule.owner ?? "").trim() === "") {
    fault("/owner", "required", "somebody must answer for this schedule");
  }
  const objective = schedule.objectiveHours;
  if (objective === undefined || !(objective > 0)) {
    fault(
      "/objectiveHours",
      "required",
      "state a positive freshness objective",
    );
  }
  if (schedule.cron === undefined) return errors;
  const gap = longestGapMs(schedule.cron, now);
  if (gap === null) {
    fault("/cron", "format", `not a cron expression: ${schedule.cron}`);
  } else if (objective !== undefined && gap > objective * HOUR_MS) {
    fault(
      "/objectiveHours",
      "unreachable",
      `runs are up to ${gap / HOUR_MS} hours apart, more than the objective of ${objective}`,
    );
  }
  return errors;
}

/** When the schedule runs next, in Unix milliseconds. A schedule that never succeeded and has no cron is due at once. */
export function nextDue(
  schedule: Schedule,
  lastSuccessAt: number | null,
  now: number,
): number {
  if (schedule.cron === undefined) {
    if (lastSuccessAt === null) return now;
    return lastSuccessAt + schedule.objectiveHours * HOUR_MS * PACE;
  }
  const next = new Cron(schedule.cron, { timezone: "UTC" }).nextRun(
    new Date(now),
  );
  if (next === null) throw new Error(`cron ${schedule.cron} never runs again`);
  return next.getTime();
}

export interface Freshness {
  readonly lastSuccessAt: number | null;
  readonly ageMs: number | null;
  readonly stale: boolean;
}

/**
 * Age of the last success, and whether it is older than the objective plus the
 * allowance for one run. What met every due time is never stale; one missed
 * run makes it so. `since` is when the objective began to count.
 */
export function staleness(
  objectiveHours: number,
  lastSuccessAt: number | null,
  at: { readonly now: number; readonly since: number },
): Freshness {
  const from = lastSuccessAt ?? at.since;
  return {
    lastSuccessAt,
    ageMs: lastSuccessAt === null ? null : at.now - lastSuccessAt,
    stale: at.now - from > objectiveHours * HOUR_MS + RUN_ALLOWANCE_MS,
  };
}

/** Number of coming runs looked at; a year of daily ones, so that monthly and weekday patterns show. */
const RUNS_LOOKED_AT = 400;

function longestGapMs(expression: string, now: number): number | null {
  try {
    const runs = new Cron(expression, { timezone: "UTC" }).nextRuns(
      RUNS_LOOKED_AT,
      new Date(now),
    );
    return runs.reduce((longest, run, i) => {
      const previous = runs[i - 1];
      return previous === undefined
        ? longest
        : Math.max(longest, run.getTime() - previous.getTime());
    }, 0);
  } catch {
    return null;
  }
}
