import { statfs } from "node:fs/promises";
import { resolve } from "node:path";
import { messageOf } from "@recsys/contracts";
import { migrationStatus } from "@recsys/store";
import type { Cli } from "./command.ts";
import { readCliConfig } from "./config.ts";
import { examineTenants } from "./examine-tenants.ts";
import type { Finding } from "./finding.ts";
import { reachDatabase } from "./platform.ts";

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
        ...(await examineTenants(config, {
          appUrl: database.appUrl,
          now: cli.io.now(),
        })),
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
