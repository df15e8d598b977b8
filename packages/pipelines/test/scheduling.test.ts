import { randomUUID } from "node:crypto";
import { HOUR_MS, MINUTE_MS } from "@recsys/contracts";
import { recordJob } from "@recsys/store";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  ensureSchedule,
  listJobStates,
  listPins,
  listSchedules,
  pinManifest,
  setSchedule,
  workOff,
  type RunRequest,
} from "../src/index.ts";
import { createWorld, NAMESPACE, TENANT, type World } from "./world.ts";

describe("schedules", () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld();
  });
  afterEach(() => world.close());

  const address = () => ({
    store: world.store,
    tenant: TENANT,
    namespace: NAMESPACE,
  });
  const light = { name: "light", owner: "ann", objectiveHours: 1 };
  // Due times are compared with the database's clock.
  const work = (run: (request: RunRequest) => ReturnType<World["run"]>) =>
    workOff({ store: world.store, worker: "w", clock: Date.now, run });

  it("or none: a job is stale an hour after its objective, and at once when it only ever failed", async () => {
    const now = Date.now();
    await world.run({ jobs: ["catalogue"] });
    await world.store.inTenant(TENANT, (tx) =>
      recordJob(tx, NAMESPACE, {
        ...{ job: "ingest", runId: randomUUID(), error: "no disk" },
        ...{ asOf: now, startedAt: now },
      }),
    );
    const staleIn = async (hours: number) => {
      const states = await listJobStates(address(), now + hours * HOUR_MS);
      return states.filter(({ stale }) => stale).map(({ job }) => job);
    };
    const [, catalogue] = await listJobStates(address(), now);
    const objective = catalogue?.objectiveHours ?? 0;
    expect(await staleIn(objective + 0.9)).toEqual(["ingest"]);
    expect(await staleIn(objective + 1.1)).toEqual(["ingest", "catalogue"]);
  });

  it("without owner and objective are refused", async () => {
    await expect(
      setSchedule(address(), { name: "x" }, Date.now()),
    ).rejects.toMatchObject({
      code: "INVALID_REQUEST",
      facts: { errors: [{ path: "/owner" }, { path: "/objectiveHours" }] },
    });
  });

  it("that are due run once, whoever asks, and are due again at half the objective", async () => {
    await setSchedule(address(), light, Date.now());
    const asked: RunRequest[] = [];
    const run = (request: RunRequest) => {
      asked.push(request);
      return world.run({ jobs: ["ingest"], asOf: request.asOf });
    };
    const [first, second] = await Promise.all([work(run), work(run)]);
    expect(first.length + second.length).toBe(1);
    expect(asked[0]).toMatchObject({ tenant: TENANT, namespace: NAMESPACE });
    const [state] = await listSchedules(world.store, TENANT, Date.now());
    expect(state?.lastSuccessAt).not.toBeNull();
    expect(state?.stale).toBe(false);
    const wait = (state?.dueAt ?? 0) - Date.now();
    expect(Math.abs(wait - HOUR_MS / 2)).toBeLessThan(60_000);
    expect(await work(run)).toEqual([]);
  });

  it("that fail are tried again soon, and are stale when the objective has passed", async () => {
    const start = Date.now();
    await setSchedule(address(), light, start);
    const [ended] = await work(() => Promise.reject(new Error("disk full")));
    expect(ended?.nextDueAt).toBeLessThan(start + 10 * MINUTE_MS);
    const [state] = await listSchedules(world.store, TENANT, start);
    expect(state?.lastError).toBe("disk full");
    expect(state?.stale).toBe(false);
    const later = start + 2 * HOUR_MS + 1;
    const [stale] = await listSchedules(world.store, TENANT, later);
    expect(stale?.stale).toBe(true);
  });

  it("let go of a pin when its time has come, and not before", async () => {
    const pin = { namespace: NAMESPACE, owner: "ann" };
    const pins = () => world.store.inTenant(TENANT, listPins);
    await world.store.inTenant(TENANT, async (tx) => {
      await pinManifest(tx, { ...pin, hash: "past", until: Date.now() - 1 });
      const until = Date.now() + HOUR_MS;
      await pinManifest(tx, { ...pin, hash: "future", until });
    });
    expect(await pins()).toHaveLength(2);
    await work(() => Promise.reject(new Error("nothing is due")));
    expect((await pins()).map(({ hash }) => hash)).toEqual(["future"]);
  });

  it("come by themselves with the serving mode, unless there are some", async () => {
    const now = Date.now();
    await ensureSchedule(address(), now);
    await ensureSchedule(address(), now);
    const states = await listSchedules(world.store, TENANT, now);
    expect(states.map(({ schedule }) => schedule.cron)).toEqual(["0 3 * * *"]);
  });
});
