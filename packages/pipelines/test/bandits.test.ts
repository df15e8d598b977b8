import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import {
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  type Bandit,
  type DecisionRecord,
} from "@recsys/contracts";
import {
  appendEvents,
  deleteUsers,
  learned,
  scheduleObligation,
  shipDecisions,
} from "@recsys/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  newDecision,
  requestIdAt,
} from "../../store/test/support/new-decision.ts";
import { workOffBandits } from "../src/index.ts";
import { createWorld, NAMESPACE, TENANT, type World } from "./world.ts";

const bandit: Bandit = {
  id: "blend",
  owner: "shop",
  surface: "home",
  kind: "linucb",
  arms: [
    { name: "a", knobs: { "diversity.mmr_lambda": 1 } },
    { name: "b", knobs: { "diversity.mmr_lambda": 0.5 } },
  ],
  epsilon: 0.1,
  reward: { click: 0.25, purchase: 1 },
  window_hours: 1,
  exposure: "assumed",
  sticky: "request",
  period_hours: 1,
  features: [{ name: "evening", when: "context.hour >= 18" }],
};

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await world.setConfig((config) => ({ ...config, bandits: [bandit] }));
});
afterAll(() => world.close());

const start = Date.now() - 3 * HOUR_MS;

/** A decision that drew arm a or b in turn, evening in every third. */
function drawn(number: number, subject: string | null = null): DecisionRecord {
  return newDecision({
    request_id: requestIdAt(start + number, number),
    tenant: TENANT,
    subject,
    bandits: [
      {
        id: "blend",
        arm: number % 2 === 0 ? "a" : "b",
        propensity: 0.5,
        policy: "linucb",
        eligible: 2,
        epsilon: 0.1,
        method: "exact",
        context: [number % 3 === 0 ? 1 : 0],
      },
    ],
  });
}

const ship = (records: readonly DecisionRecord[]) =>
  world.store.inTenant(TENANT, (tx) => shipDecisions(tx, NAMESPACE, records));

const addOutcomes = (
  outcomes: readonly {
    readonly requestId: string;
    readonly type: string;
    readonly ts: number;
  }[],
) =>
  world.store.inTenant(TENANT, (tx) =>
    appendEvents(tx, NAMESPACE, {
      rows: outcomes.map((outcome, row) => ({
        ...outcome,
        row,
        itemId: "a",
        subject: {
          kind: "user" as const,
          pseudonym: "p".repeat(22),
          externalId: "ann",
        },
      })),
      lateAfterMs: DAY_MS,
    }),
  );

const makeDue = () =>
  world.store.inTenant(TENANT, (tx) =>
    scheduleObligation(tx, {
      kind: "bandits",
      subject: "count",
      dueAt: Date.now() - MINUTE_MS,
      payload: {},
    }),
  );

const load = async (version?: number) => {
  const found = await world.store.inTenant(TENANT, (tx) =>
    learned.load(tx, NAMESPACE, version),
  );
  return Object.fromEntries((found?.arms ?? []).map((arm) => [arm.arm, arm]));
};

async function workOff(clock = Date.now()) {
  await makeDue();
  return workOffBandits({
    store: world.store,
    worker: "w",
    clock: () => clock,
  });
}

describe("counting draws", () => {
  const shipped = Array.from({ length: 60 }, (_, i) => drawn(i));

  it("happens once for each, also when the process that counts is killed again and again", async () => {
    await ship(shipped);
    // The same decisions once more, as after a lost answer of the database.
    expect(await ship(shipped)).toMatchObject({ stored: 0, duplicates: 60 });
    await addOutcomes(
      shipped.flatMap(({ request_id: requestId }, i) => {
        const ts = start + i + 10;
        return [
          // A purchase counts more than the click before it, and one after the window not at all.
          ...(i % 6 === 0 ? [{ requestId, type: "click", ts }] : []),
          ...(i % 12 === 0 ? [{ requestId, type: "purchase", ts }] : []),
          ...(i % 6 === 1
            ? [{ requestId, type: "purchase", ts: ts + 2 * HOUR_MS }]
            : []),
        ];
      }),
    );
    const afterKills: number[] = [];
    for (let attempt = 0; attempt < 4; attempt++) {
      await makeDue();
      await countAndKill();
      afterKills.push(await counted());
    }
    await workOff();
    console.log(`counted after each kill: ${afterKills.join(", ")} of 60`);
    expect(afterKills.some((trials) => trials > 0 && trials < 60)).toBe(true);
    const { a, b } = await load();
    // Even numbers are arm a: 30 of them; 10 of 60 are clicked, all even, 5 of these bought.
    expect(a).toMatchObject({ trials: 30, reward: 5 * 1 + 5 * 0.25 });
    expect(b).toMatchObject({ trials: 30, reward: 0 });
    // x = (1, evening): 10 of the 30 even numbers are divisible by three.
    expect(a?.a).toEqual([30, 10, 10, 10]);
    expect(a?.b).toEqual([6.25, 6.25]);
  }, 120_000);

  it("leaves a decision alone until its window is over", async () => {
    const before = await load();
    await ship([drawn(60)]);
    expect(await workOff(start + 60 + HOUR_MS)).toMatchObject({ counted: 0 });
    expect(await workOff(start + 61 + HOUR_MS)).toMatchObject({ counted: 1 });
    const after = await load();
    expect(after["a"]?.trials).toBe((before["a"]?.trials ?? 0) + 1);
  });

  it("takes no note of somebody who was erased in the meantime", async () => {
    const pseudonym = "q".repeat(22);
    await ship([drawn(61, pseudonym)]);
    await world.store.inTenant(TENANT, (tx) =>
      deleteUsers(tx, NAMESPACE, { pseudonyms: [pseudonym] }),
    );
    expect(await workOff()).toMatchObject({ counted: 0, skipped: 1 });
  });

  it("forgets what nobody configures any more, and what it is told to", async () => {
    const arms = await world.store.inTenant(TENANT, (tx) =>
      learned.reset(tx, NAMESPACE, { bandit: "blend", arm: "a" }),
    );
    expect(arms).toBe(1);
    expect((await load())["a"]).toMatchObject({ trials: 0, reward: 0 });
    expect((await load())["b"]?.trials).toBe(30);
    await world.setConfig((config) => ({ ...config, bandits: [] }));
    await ship([drawn(62)]);
    expect(await workOff()).toMatchObject({ counted: 0, skipped: 1 });
  });

  it("keeps every version that decisions may name, and no older one", async () => {
    const version = await world.store.inTenant(TENANT, (tx) =>
      learned.version(tx, NAMESPACE),
    );
    expect((await load(version - 1))["a"]?.trials).toBe(31);
    const compact = (days: number) =>
      world.store.inTenant(TENANT, (tx) => learned.compact(tx, days));
    expect(await compact(1)).toBe(0);
    await world.shiftClock(2 * DAY_MS);
    expect(await compact(1)).toBeGreaterThan(0);
    await world.shiftClock(0);
    expect((await load())["b"]?.trials).toBe(30);
    expect(
      await world.store.inTenant(TENANT, (tx) =>
        learned.load(tx, NAMESPACE, version - 1),
      ),
    ).toBeNull();
  });
});

/** How many draws are counted so far. */
async function counted(): Promise<number> {
  const arms = Object.values(await load());
  return arms.reduce((sum, { trials }) => sum + trials, 0);
}

/** Starts a process that counts, and kills it as soon as it has counted something more. */
async function countAndKill(): Promise<void> {
  const before = await counted();
  const child = spawn(
    process.execPath,
    [
      join(import.meta.dirname, "counting-process.ts"),
      world.appUrl,
      String(Date.now()),
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  const ended = new Promise<void>((resolve) => {
    child.on("exit", () => {
      resolve();
    });
  });
  while (child.exitCode === null && (await counted()) === before)
    await pause(1);
  child.kill("SIGKILL");
  await ended;
}
