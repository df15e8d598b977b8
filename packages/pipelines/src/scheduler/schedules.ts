import { ApiError } from "@recsys/contracts";
import {
  cancelObligation,
  findTenant,
  listJobFreshness,
  listObligations,
  scheduleObligation,
  type Store,
  type TenantTx,
} from "@recsys/store";
import {
  checkSchedule,
  nextDue,
  staleness,
  type Freshness,
  type Schedule,
} from "./schedule.ts";

/** Kind of the obligation that stands for the next run of a schedule. */
export const PIPELINE_RUN = "pipeline-run";

export interface ScheduleAddress {
  readonly store: Store;
  readonly tenant: string;
  readonly namespace: string;
}

/** What the obligation carries: the schedule itself, and since when there is one. */
export interface ScheduledRun {
  readonly namespace: string;
  readonly schedule: Schedule;
  /** Unix milliseconds. */
  readonly since: number;
}

export interface ScheduleState extends Freshness {
  readonly namespace: string;
  readonly schedule: Schedule;
  readonly dueAt: number;
  readonly lastError: string | null;
}

/** Sets up or replaces a schedule. Throws INVALID_REQUEST that lists all that is wrong, a missing owner or objective first of all. */
export async function setSchedule(
  o: ScheduleAddress,
  schedule: Partial<Schedule>,
  now: number,
): Promise<void> {
  const errors = checkSchedule(schedule, now);
  if (errors.length > 0) {
    const list = errors.map(({ path, message }) => `${path}: ${message}`);
    throw new ApiError("INVALID_REQUEST", { detail: list.join("; "), errors });
  }
  const checked = schedule as Schedule;
  await o.store.inTenant(o.tenant, async (tx) => {
    const last = await lastSuccess(tx, o.namespace, checked.name);
    const payload: ScheduledRun = {
      namespace: o.namespace,
      schedule: checked,
      since: now,
    };
    await scheduleObligation(tx, {
      kind: PIPELINE_RUN,
      subject: subjectOf(o.namespace, checked.name),
      dueAt: nextDue(checked, last, now),
      payload,
    });
  });
}

export async function removeSchedule(
  o: ScheduleAddress,
  name: string,
): Promise<void> {
  await o.store.inTenant(o.tenant, (tx) =>
    cancelObligation(tx, PIPELINE_RUN, subjectOf(o.namespace, name)),
  );
}

/** Every schedule of a tenant with the age of its last success; `stale` is the alert. */
export async function listSchedules(
  store: Store,
  tenant: string,
  now: number,
): Promise<readonly ScheduleState[]> {
  return store.inTenant(tenant, async (tx) => {
    const obligations = await listObligations(tx, PIPELINE_RUN);
    const states: ScheduleState[] = [];
    for (const { payload, dueAt, lastError } of obligations) {
      const { namespace, schedule, since } = payload as ScheduledRun;
      const last = await lastSuccess(tx, namespace, schedule.name);
      states.push({
        namespace,
        schedule,
        dueAt,
        lastError,
        ...staleness(schedule.objectiveHours, last, { now, since }),
      });
    }
    return states;
  });
}

/** What a tenant gets when it has set up nothing: light signals kept fresh in DB-only mode, a nightly training in artifact mode. */
const DEFAULT_SCHEDULES: Readonly<Record<"db" | "artifact", Schedule>> = {
  db: { name: "light-refresh", owner: "recommendations", objectiveHours: 1 },
  artifact: {
    name: "nightly-training",
    owner: "recommendations",
    objectiveHours: 24,
    cron: "0 3 * * *",
  },
};

/** Sets up the default schedule of the tenant's serving mode where the namespace has none at all. */
export async function ensureSchedule(
  o: ScheduleAddress,
  now: number,
): Promise<void> {
  const tenant = await o.store.tenantless((db) => findTenant(db, o.tenant));
  if (tenant === null) return;
  const present = await listSchedules(o.store, o.tenant, now);
  if (present.some(({ namespace }) => namespace === o.namespace)) return;
  await setSchedule(o, DEFAULT_SCHEDULES[tenant.servingMode], now);
}

/** Name under which the success of a schedule is recorded beside those of the jobs. */
export function successName(schedule: string): string {
  return `schedule ${schedule}`;
}

async function lastSuccess(
  tx: TenantTx,
  namespace: string,
  schedule: string,
): Promise<number | null> {
  const all = await listJobFreshness(tx, namespace);
  const own = all.find(({ job }) => job === successName(schedule));
  return own?.lastSuccessAt ?? null;
}

function subjectOf(namespace: string, name: string): string {
  return `${namespace}:${name}`;
}
