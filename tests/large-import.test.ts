import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { eventDays, openStore } from "@recsys/store";
import { afterEach, expect, test } from "vitest";
import type { TestDatabase } from "./support/database.ts";
import { LARGE_FILE_MAP, writeLargeFile } from "./support/large-file.ts";
import { launchTool, stopped } from "./support/product.ts";
import { openPlace, SHOP } from "./support/shop.ts";

const ROWS = 50_000;
const GOOD = 49_500;
const PEAK_LIMIT_MB = 700;

const leftovers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const remove of leftovers.splice(0).reverse()) await remove();
});

test("every good row of a large file arrives, every bad one is named by its line, in bounded memory", async () => {
  const place = await openImport();
  const bad = writeLargeFile(place.file, ROWS);
  const { process: child, ended } = place.import();
  const peakMb = peakOf(child.pid ?? 0, ended);
  const { code, stdout, stderr } = await ended;
  expect(code, stderr).toBe(0);
  const { tally } = JSON.parse(stdout) as Report;
  expect(tally.rows).toBe(ROWS);
  expect(tally.accepted.event).toBe(GOOD);
  expect(place.errorLines()).toEqual(bad);
  expect(await storedEvents(place.database)).toBe(GOOD);
  process.stdout.write(`peak of the import: ${(await peakMb).toFixed(0)} MB\n`);
  expect(await peakMb).toBeLessThan(PEAK_LIMIT_MB);
}, 120_000);

test("an import killed in the middle goes on and ends as if it had not been", async () => {
  const place = await openImport();
  const bad = writeLargeFile(place.file, ROWS);
  const killed = place.import();
  await place.untilWritten(15_000);
  await stopped(killed.process, "SIGKILL");
  const between = await storedEvents(place.database);
  expect(between).toBeGreaterThan(14_000);
  expect(between).toBeLessThan(GOOD);
  const { code, stdout, stderr } = await place.import().ended;
  expect(code, stderr).toBe(0);
  const { tally, resumed } = JSON.parse(stdout) as Report;
  expect(resumed).toBe(true);
  expect(tally.rows).toBe(ROWS);
  expect(tally.accepted.event + tally.duplicate.event).toBe(GOOD);
  expect(place.errorLines()).toEqual(bad);
  expect(await storedEvents(place.database)).toBe(GOOD);
}, 120_000);

interface Report {
  readonly resumed: boolean;
  readonly tally: {
    readonly rows: number;
    readonly accepted: { readonly event: number };
    readonly duplicate: { readonly event: number };
  };
}

/** A shop, and where its import keeps what it needs. */
async function openImport() {
  const { database, home, environment, remove } = await openPlace();
  leftovers.push(remove);
  const file = join(home, "large.csv");
  const imports = join(home, "imports");
  mkdirSync(imports, { recursive: true });
  return {
    database,
    file,
    import: () =>
      launchTool(
        ["import", file, "--type", "events", "--map", LARGE_FILE_MAP]
          .concat(["--tenant", SHOP, "--json"])
          .concat(["--errors", join(home, "errors.jsonl")]),
        environment,
      ),
    untilWritten: (line: number) => untilWritten(imports, line),
    errorLines: () =>
      readFileSync(join(home, "errors.jsonl"), "utf8")
        .trim()
        .split("\n")
        .map((text) => (JSON.parse(text) as { readonly line: number }).line),
  };
}

/** Waits until the import notes that it wrote everything up to the line. */
async function untilWritten(folder: string, line: number): Promise<void> {
  for (const end = performance.now() + 60_000; performance.now() < end;) {
    const names = readdirSync(folder);
    const name = names.find((one) => /^[0-9a-f]{32}\.json$/.test(one));
    if (name !== undefined) {
      const text = readFileSync(join(folder, name), "utf8");
      if ((JSON.parse(text) as { readonly line: number }).line >= line) return;
    }
    await pause(5);
  }
  throw new Error("the import came nowhere");
}

async function storedEvents({ appUrl }: TestDatabase): Promise<number> {
  const store = openStore({ appUrl });
  try {
    const days = await store.inTenant(SHOP, (tx) => eventDays(tx, "default"));
    return days.reduce((total, day) => total + day.rows, 0);
  } finally {
    await store.close();
  }
}

/** The largest resident size of a process in MB, read until it ends; 0 where there is no /proc. */
async function peakOf(pid: number, ended: Promise<unknown>): Promise<number> {
  let peakMb = 0;
  const timer = setInterval(() => {
    peakMb = residentPeakMb(pid) ?? peakMb;
  }, 50);
  await ended;
  clearInterval(timer);
  return peakMb;
}

function residentPeakMb(pid: number): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const found = /VmHWM:\s+(\d+) kB/.exec(status)?.[1];
    return found === undefined ? null : Number(found) / 1024;
  } catch {
    // Gone since the last look.
    return null;
  }
}
