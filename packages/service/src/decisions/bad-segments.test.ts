import {
  fstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decisionRecord } from "../../test/decision-record.ts";
import { DecisionLog } from "./decision-log.ts";
import type { RejectedLine, Rejections } from "./rejected-lines.ts";
import type { Ship } from "./shipper.ts";
import { Spool } from "./spool.ts";

let directory: string;
let shipped: string[];
let rejections: Rejections[];
let held: string[];
let errors: unknown[];
let now: number;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "recsys-bad-segments-"));
  shipped = [];
  rejections = [];
  held = [];
  errors = [];
  now = 0;
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const shipAll: Ship = (_tenant, _namespace, records) => {
  shipped.push(...records.map((record) => record.request_id));
  return Promise.resolve([]);
};

function open(more: { ship?: Ship; maxRejectedBytes?: number } = {}) {
  return new DecisionLog({
    directory,
    maxBytes: 1_000_000,
    ship: shipAll,
    clock: () => now,
    onShipped: () => undefined,
    onRejected: (rejected) => rejections.push(rejected),
    onHeld: (segment) => held.push(segment),
    onError: (error) => errors.push(error),
    ...more,
  });
}

/** Path of a segment that a dead process of this machine left; they are shipped in order of `at`. */
function pathOf(at: number): string {
  const host = hostname().replaceAll("_", "-");
  return join(directory, `${host}_999999999_1_0_${at}_0.closed`);
}

function segment(at: number, ...lines: (string | Buffer)[]): void {
  const ends = lines.flatMap((line) => [Buffer.from(line), Buffer.from("\n")]);
  writeFileSync(pathOf(at), Buffer.concat(ends));
}

function line(requestId: string, more: object = {}): string {
  return JSON.stringify({
    ...decisionRecord({ request_id: requestId }),
    ...more,
  });
}

function rejectedLines(): RejectedLine[] {
  const text = readFileSync(join(directory, "rejected.ndjson"), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((one) => JSON.parse(one) as RejectedLine);
}

function sqlError(code: string): Error {
  return Object.assign(new Error("from Postgres"), { code });
}

describe("a bad line of a segment", () => {
  it.each([
    ["null", "null", "not a decision"],
    ["a list", "[1,2]", "not a decision"],
    ["an object that is no decision", '{"tenant":"demo"}', "not a decision"],
    ["half a line", line("half").slice(0, 50), "not JSON"],
    ["an empty line", "", "not JSON"],
    ["binary garbage", Buffer.from([0, 255, 1, 128, 7]), "not JSON"],
  ])(
    "that is %s is set aside, and all others are shipped",
    async (_, bad, reason) => {
      segment(1, line("a"), bad, line("b"));
      segment(2, line("c"));
      const log = open();
      await log.ship();
      expect(shipped).toEqual(["a", "b", "c"]);
      expect(rejectedLines()).toMatchObject([{ line: 2, reason }]);
      expect(rejections.map(({ count }) => count)).toEqual([1]);
      expect(readdirSync(directory)).toEqual(["rejected.ndjson"]);
      expect(errors).toEqual([]);
    },
  );

  it("is set aside even where the whole segment is garbage without an end of line", async () => {
    writeFileSync(pathOf(1), Buffer.from([1, 2, 3, 4]));
    await open().ship();
    expect(rejectedLines()).toMatchObject([{ line: 1, reason: "not JSON" }]);
  });

  it("takes a bounded place, is counted beyond it, and never stands against decisions", async () => {
    segment(1, ...Array.from({ length: 50 }, () => "x".repeat(1000)));
    const log = open({ maxRejectedBytes: 10_000 });
    await log.ship();
    expect(log.rejectedBytes).toBeGreaterThan(5_000);
    expect(log.rejectedBytes).toBeLessThanOrEqual(10_000);
    expect(rejections.map(({ count }) => count)).toEqual([50]);
    expect(log.pendingBytes).toBe(0);
    segment(2, "null");
    await log.ship();
    expect(rejections.map(({ count }) => count)).toEqual([50, 1]);
  });
});

describe("a decision that the database refuses", () => {
  it("is set aside with the code, its neighbours are shipped", async () => {
    segment(1, line("a"), line("bad"), line("b"));
    const ship: Ship = (tenant, namespace, records) =>
      records.some((record) => record.request_id === "bad")
        ? Promise.reject(sqlError("22P05"))
        : shipAll(tenant, namespace, records);
    await open({ ship }).ship();
    expect(shipped).toEqual(["a", "b"]);
    expect(rejectedLines()).toMatchObject([
      { requestId: "bad", reason: "refused by the database (22P05)" },
    ]);
  });

  it("is set aside with the reason of the store", async () => {
    segment(1, line("a"), line("b"));
    const ship: Ship = () =>
      Promise.resolve([{ requestId: "b", reason: "not a UUIDv7" }]);
    await open({ ship }).ship();
    expect(rejectedLines()).toMatchObject([
      { requestId: "b", reason: "not a UUIDv7" },
    ]);
  });

  it.each(["53100", "42501", "40P01", "ENOSPC"])(
    "for a reason that may pass (%s) stays where it is",
    async (code) => {
      segment(1, line("a"));
      const away = sqlError(code);
      await open({ ship: () => Promise.reject(away) }).ship();
      expect(errors).toEqual([away]);
      expect(readdirSync(directory)).toHaveLength(1);
      await open().ship();
      expect(shipped).toEqual(["a"]);
    },
  );
});

describe("a defect of ours while decisions are stored", () => {
  it.each([
    new TypeError("record.slate is not iterable"),
    Object.assign(new Error("no such setting"), { code: "NOT_FOUND" }),
  ])("holds the segment and gives up none of them: %s", async (defect) => {
    segment(1, line("a"), line("b"));
    segment(2, line("c"));
    const ship: Ship = (tenant, namespace, records) =>
      records.some((record) => record.request_id === "b")
        ? Promise.reject(defect)
        : shipAll(tenant, namespace, records);
    const log = open({ ship });
    await log.ship();
    expect(rejections).toEqual([]);
    expect(log.heldSegments).toBe(1);
    expect(held).toHaveLength(1);
    expect(shipped).toEqual(["c"]);
    expect(readdirSync(directory)).toHaveLength(1);
    await open().ship();
    expect(shipped).toEqual(["c", "a", "b"]);
  });
});

describe("a segment that cannot be read", () => {
  it("is left, reported and passed over, and tried again after ever longer waits", async () => {
    mkdirSync(pathOf(1));
    segment(2, line("a"));
    const log = open();
    await log.ship();
    expect(shipped).toEqual(["a"]);
    expect(held).toHaveLength(1);
    expect(log.heldSegments).toBe(1);
    for (const [at, reports] of [
      [999, 1],
      [1000, 2],
      [2999, 2],
      [3000, 3],
    ] as const) {
      now = at;
      await log.ship();
      expect(held, `at ${at} ms`).toHaveLength(reports);
    }
    rmSync(pathOf(1), { recursive: true });
    segment(1, line("late"));
    now = 10_000;
    await log.ship();
    expect(shipped).toEqual(["a", "late"]);
    expect(log.heldSegments).toBe(0);
    expect(errors).toEqual([]);
  });
});

describe("a segment that is closed", () => {
  it("is on the disk with all its lines before the log says that it closed", async () => {
    const flushed: number[] = [];
    const spool = new Spool({
      directory,
      maxBytes: 1_000_000,
      onError: (error) => errors.push(error),
      flush: (fd) => {
        flushed.push(fstatSync(fd).size);
        return Promise.resolve();
      },
    });
    spool.append("one");
    await spool.sync();
    spool.append("two");
    spool.rotate();
    spool.append("three");
    await spool.sync();
    expect(flushed).toEqual([4, 8, 6]);
    expect(errors).toEqual([]);
  });
});
