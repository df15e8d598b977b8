import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import {
  ApiError,
  type DecisionRecord,
  type RecommendResponse,
} from "@recsys/contracts";
import { findDecision } from "@recsys/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConfig, withSecrets } from "../src/index.ts";
import { items, recordOf, startHarness, type Harness } from "./harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ environment: { RECSYS_SAMPLE_SHARE: "0" } });
  await harness.call("POST /v1/items", items(20));
});
afterAll(async () => {
  await harness.end();
});

/** Asks a service in a process of its own for lists until it is killed; returns what it acknowledged. */
async function acknowledgedUntilKilled(afterLists: number): Promise<string[]> {
  const program = fileURLToPath(
    new URL("./asking-process.ts", import.meta.url),
  );
  const child = spawn(
    process.execPath,
    [program, harness.home, harness.appUrl],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const acknowledged: string[] = [];
  let rest = "";
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    acknowledged.push(...lines);
    if (acknowledged.length >= afterLists) child.kill("SIGKILL");
  }
  if (child.exitCode === null && child.signalCode === null) {
    await once(child, "exit");
  }
  return acknowledged;
}

describe("an answered list", () => {
  it("is on record after kill -9 at any moment, once", async () => {
    const acknowledged: string[] = [];
    for (const lists of [1, 7, 40]) {
      acknowledged.push(...(await acknowledgedUntilKilled(lists)));
    }
    // The next process ships what the dead ones left.
    await harness.restart();
    await harness.service.close();
    await harness.restart();
    expect(acknowledged.length).toBeGreaterThanOrEqual(48);
    const missing: string[] = [];
    await harness.store.inTenant("demo", async (tx) => {
      for (const id of acknowledged) {
        if ((await findDecision(tx, id)) === null) missing.push(id);
      }
    });
    expect(missing).toEqual([]);
  });

  it("has its whole trace on record where an operator asks for it", async () => {
    const ask = (headers: Record<string, string>) =>
      harness.call<RecommendResponse>(
        "POST /v1/recommend",
        { surface: "home", k: 3 },
        { headers },
      );
    const plain = await ask({});
    const traced = await ask({ "x-recsys-trace": "full" });
    const record = (answer: typeof plain) =>
      recordOf(harness, answer.body.meta.request_id);
    expect((await record(plain)).sample).toBeUndefined();
    const { sample } = await record(traced);
    expect(sample).toEqual({ removed: [], candidates: [] });
  });

  it("can be exported, with people hashed", async () => {
    await harness.call("POST /v1/recommend", {
      surface: "home",
      user: { user_id: "exported" },
    });
    await harness.restart();
    const text = await harness.call<string>(
      "GET /v1/audit/decisions?surface=home",
      undefined,
      { headers: { accept: "application/x-ndjson", "x-purpose": "a test" } },
    );
    const records = text.body
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as DecisionRecord);
    expect(records.length).toBeGreaterThan(50);
    expect(records[0]?.subject).toMatch(/^[\w-]{22}$/);
    expect(text.body).not.toContain("exported");
  });
});

describe("without room on disk", () => {
  it("lists go on and say that they are not logged", async () => {
    await harness.restart({
      config: { ...(await configOf(harness)), spoolMaxMb: 0.0001 },
    });
    const list = await harness.call<RecommendResponse>("POST /v1/recommend", {
      surface: "home",
    });
    expect(list.status).toBe(200);
    expect(list.body.meta.logged).toBe(false);
    expect(list.body.meta.degraded).toContainEqual({
      part: "decision_log",
      reason: "no room on disk",
    });
    await harness.restart();
  });
});

describe("while the database does not answer", () => {
  it("lists go on from memory and say what is missing", async () => {
    const { store } = harness;
    let isAway = false;
    const away = () => Promise.reject(new ApiError("DATABASE_UNAVAILABLE"));
    await harness.restart({
      store: {
        ...store,
        inTenant: (tenant, work) =>
          isAway ? away() : store.inTenant(tenant, work),
        tenantless: (work) => (isAway ? away() : store.tenantless(work)),
      },
    });
    isAway = true;
    const list = await harness.call<RecommendResponse>("POST /v1/recommend", {
      surface: "home",
      user: { user_id: "stranger" },
    });
    expect(list.status).toBe(200);
    expect(list.body.items.length).toBeGreaterThan(0);
    expect(list.body.meta.degraded).toContainEqual({
      part: "user_state",
      reason: "the read failed",
    });
    expect(list.body.meta.logged).toBe(true);
    const event = { user_id: "u", type: "view", item_id: "item-1" };
    expect(await harness.call("POST /v1/events", [event])).toMatchObject({
      status: 503,
      body: { code: "DATABASE_UNAVAILABLE" },
    });
    isAway = false;
    await harness.restart();
    const { request_id } = list.body.meta;
    expect((await recordOf(harness, request_id)).request_id).toBe(request_id);
  });
});

describe("log lines", () => {
  it("hold no identifier, header or body", () => {
    const lines = harness.logLines.join("\n");
    expect(lines.length).toBeGreaterThan(0);
    for (const secret of ["stranger", "exported", "x-org-id", "item-1"]) {
      expect(lines).not.toContain(secret);
    }
  });
});

function configOf(of: Harness) {
  return withSecrets(readConfig({ RECSYS_HOME: of.home, LOG_LEVEL: "warn" }));
}
