import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { ApiError, type DecisionRecord } from "@recsys/contracts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decisionRecord } from "../../test/decision-record.ts";
import { DecisionLog } from "./decision-log.ts";
import type { Ship } from "./shipper.ts";

let directory: string;
let shipped: DecisionRecord[];
let errors: unknown[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "recsys-spool-"));
  shipped = [];
  errors = [];
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const ship: Ship = (_tenant, _namespace, records) => {
  shipped.push(...records);
  return Promise.resolve([]);
};

function decisionLog(options: { maxBytes?: number; ship?: Ship } = {}) {
  return new DecisionLog({
    directory,
    maxBytes: options.maxBytes ?? 1_000_000,
    ship: options.ship ?? ship,
    clock: () => 0,
    onShipped: () => undefined,
    onRejected: ({ lines }) =>
      errors.push(...lines.map(({ requestId }) => requestId)),
    onHeld: (segment) => errors.push(segment),
    onError: (error) => errors.push(error),
  });
}

const ids = () => shipped.map((record) => record.request_id);

describe("DecisionLog", () => {
  it("has the decision on disk when append returns", () => {
    const log = decisionLog();
    expect(log.append(decisionRecord({ request_id: "r1" }))).toBe(true);
    expect(readdirSync(directory)).toHaveLength(1);
    expect(log.pendingBytes).toBeGreaterThan(100);
  });

  it("ships in order and leaves nothing behind", async () => {
    const log = decisionLog();
    for (const id of ["r1", "r2"])
      log.append(decisionRecord({ request_id: id }));
    await log.ship();
    expect(ids()).toEqual(["r1", "r2"]);
    expect(readdirSync(directory)).toEqual([]);
    expect(log.pendingBytes).toBe(0);
  });

  it("ships all of a segment that is too long to keep in memory", async () => {
    const log = decisionLog({ maxBytes: 10_000_000 });
    const sent = Array.from({ length: 1500 }, (_, i) => `r${i}`);
    for (const id of sent) log.append(decisionRecord({ request_id: id }));
    await log.ship();
    expect(ids()).toEqual(sent);
    log.append(decisionRecord({ request_id: "next" }));
    await log.ship();
    expect(ids().at(-1)).toBe("next");
  });

  it("ships the segment of a dead process, without its torn last line", async () => {
    const host = hostname().replaceAll("_", "-");
    const name = `${host}_999999999_1_0_1_0.open`;
    const line = JSON.stringify(decisionRecord({ request_id: "old" }));
    writeFileSync(join(directory, name), `${line}\n${line.slice(0, 40)}`);
    await decisionLog().ship();
    expect(ids()).toEqual(["old"]);
    expect(readdirSync(directory)).toEqual([]);
  });

  it("leaves the open segment of a living process alone", async () => {
    const first = decisionLog();
    first.append(decisionRecord({ request_id: "mine" }));
    await decisionLog().ship();
    expect(ids()).toEqual([]);
    expect(readdirSync(directory)).toHaveLength(1);
  });

  it("keeps everything while the database is away", async () => {
    const away = new ApiError("DATABASE_UNAVAILABLE");
    const log = decisionLog({ ship: () => Promise.reject(away) });
    log.append(decisionRecord({ request_id: "r1" }));
    await log.ship();
    expect(errors).toEqual([away]);
    await decisionLog().ship();
    expect(ids()).toEqual(["r1"]);
  });

  it("puts a refused decision aside and ships its neighbours", async () => {
    const log = decisionLog({
      ship: (tenant, namespace, records) =>
        records.some((record) => record.request_id === "bad")
          ? Promise.reject(
              Object.assign(new Error("invalid text"), { code: "22P05" }),
            )
          : ship(tenant, namespace, records),
    });
    for (const id of ["r1", "bad", "r2"]) {
      log.append(decisionRecord({ request_id: id }));
    }
    await log.ship();
    expect(ids()).toEqual(["r1", "r2"]);
    expect(errors).toEqual(["bad"]);
    expect(readdirSync(directory)).toEqual(["rejected.ndjson"]);
  });

  it("drops samples before decisions, and says when neither fits", async () => {
    const sampled = decisionRecord({ sample: { removed: [], candidates: [] } });
    const size = JSON.stringify(sampled).length + 1;
    const log = decisionLog({ maxBytes: 10 * size });
    const kept = Array.from({ length: 12 }, () => log.append(sampled));
    // Eight fill four fifths of ten; two without samples fit into the rest.
    expect(kept.filter(Boolean)).toHaveLength(10);
    await log.ship();
    const sampledOnes = shipped.filter((record) => record.sample !== undefined);
    expect(sampledOnes).toHaveLength(8);
    expect(log.append(sampled)).toBe(true);
  });

  it("says that a decision is not kept when the disk refuses, and goes on later", async () => {
    const log = decisionLog();
    rmSync(directory, { recursive: true });
    expect(log.append(decisionRecord({ request_id: "r1" }))).toBe(false);
    expect(errors).toHaveLength(1);
    mkdirSync(directory);
    expect(log.append(decisionRecord({ request_id: "r2" }))).toBe(true);
    await log.close();
    expect(ids()).toEqual(["r2"]);
  });
});
