import { statfs } from "node:fs/promises";
import { resolve } from "node:path";
import { DEFAULT_NAMESPACE } from "@recsys/contracts";
import { listSchedules } from "@recsys/pipelines";
import {
  listTenants,
  migrationStatus,
  openStore,
  pointer,
  type Store,
} from "@recsys/store";
import type { Cli } from "./command.ts";
import { readCliConfig } from "./config.ts";
import { reachDatabase } from "./platform.ts";

/** One thing that was looked at. */
export interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly found: string;
  /** What to do when it is not as it should be. */
  readonly fix: string;
}

/** Looks at everything that can be computed; a check that cannot be made is a finding, never an end. */
export async function examine(cli: Cli): Promise<Finding[]> {
  const findings = [examineNode()];
  const settings = examineSettings(cli);
  findings.push(settings);
  if (!settings.ok) return findings;
  const { service } = readCliConfig(cli.io.environment);
  findings.push(await examineDisk(service.home));
  return [...findings, ...(await examineDatabase(cli))];
}

const LEAST_NODE = [22, 18] as const;

function examineNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok =
    major > LEAST_NODE[0] ||
    (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  return {
    check: "node",
    ok,
    found: `${process.versions.node} on ${process.platform} ${process.arch}`,
    fix: `Install Node 24; ${LEAST_NODE.join(".")} is the least.`,
  };
}

function examineSettings(cli: Cli): Finding {
  const fix = "Correct the settings; recsys config docs lists them all.";
  try {
    const { service } = readCliConfig(cli.io.environment);
    const where =
      service.databaseUrl === null ? "embedded database" : "DATABASE_URL";
    return {
      check: "settings",
      ok: true,
      found: `${service.environment}, ${where}`,
      fix,
    };
  } catch (error) {
    return { check: "settings", ok: false, found: messageOf(error), fix };
  }
}

const LEAST_FREE_MB = 1024;

async function examineDisk(home: string): Promise<Finding> {
  const fix = `Make room where RECSYS_HOME lies; ${LEAST_FREE_MB} MB should be free.`;
  try {
    const disk = await statfs(resolve(home, ".."));
    const freeMb = Math.floor((disk.bavail * disk.bsize) / (1024 * 1024));
    return {
      check: "disk",
      ok: freeMb >= LEAST_FREE_MB,
      found: `${freeMb} MB free`,
      fix,
    };
  } catch (error) {
    return { check: "disk", ok: false, found: messageOf(error), fix };
  }
}

async function examineDatabase(cli: Cli): Promise<Finding[]> {
  const { service: config } = readCliConfig(cli.io.environment);
  const fix =
    "Start it, or correct DATABASE_URL; the message says what is wrong.";
  try {
    const database = await reachDatabase({
      config,
      schema: "as-it-is",
      log: (line) => {
        cli.io.note(line);
      },
    });
    try {
      const migrations = await examineMigrations(database.appUrl);
      const reached: Finding = {
        check: "database",
        ok: true,
        found: "answers",
        fix,
      };
      if (!migrations.ok) return [reached, migrations];
      return [
        reached,
        migrations,
        ...(await examineTenants(database.appUrl, cli.io.now())),
      ];
    } finally {
      await database.leave();
    }
  } catch (error) {
    return [{ check: "database", ok: false, found: messageOf(error), fix }];
  }
}

async function examineMigrations(url: string): Promise<Finding> {
  const all = await migrationStatus(url);
  const open = all.filter(
    (one) => one.state === "pending" || one.state === "changed",
  );
  const [first] = open;
  return {
    check: "migrations",
    ok: first === undefined,
    found:
      first === undefined
        ? `${all.length} applied`
        : `${open.length} not applied, first ${first.name} (${first.state})`,
    fix: "Run recsys migrate up.",
  };
}

async function examineTenants(appUrl: string, now: number): Promise<Finding[]> {
  const store = openStore({ appUrl, max: 2 });
  try {
    const tenants = await store.tenantless((db) => listTenants(db));
    const findings: Finding[] = [];
    for (const { tenantId } of tenants) {
      findings.push(await examineManifest(store, tenantId, now));
      findings.push(await examineFreshness(store, tenantId, now));
    }
    return findings;
  } finally {
    await store.close();
  }
}

async function examineManifest(
  store: Store,
  tenant: string,
  now: number,
): Promise<Finding> {
  const live = await store.inTenant(tenant, (tx) =>
    pointer(tx, DEFAULT_NAMESPACE, "manifest"),
  );
  const hours = live === null ? null : (now - live.movedAt) / 3_600_000;
  return {
    check: `${tenant}: manifest`,
    ok: hours !== null,
    found:
      hours === null
        ? "none is live"
        : `version ${live?.version ?? 0}, live for ${hours.toFixed(1)} h`,
    fix: `Run recsys pipelines run --tenant ${tenant}.`,
  };
}

async function examineFreshness(
  store: Store,
  tenant: string,
  now: number,
): Promise<Finding> {
  const states = await listSchedules(store, tenant, now);
  const stale = states
    .filter((one) => one.stale)
    .map((one) => one.schedule.name);
  return {
    check: `${tenant}: schedules`,
    ok: stale.length === 0,
    found:
      stale.length === 0
        ? `${states.length}, none stale`
        : `stale: ${stale.join(", ")}`,
    fix: "See docs/freshness.md: is a worker running, did the last run fail?",
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
