import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate, startServer } from "@recsys/store";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { removeHome } from "./support/home-processes.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Connection strings of the migrated template database. */
    templateUrls: { readonly appUrl: string; readonly ownerUrl: string };
  }
}

/** One embedded server per run; each test clones its database from the migrated template. */
export default async function setup(project: TestProject) {
  const home = mkdtempSync(join(tmpdir(), "recsys-test-"));
  chmodSync(home, 0o711); // The account that runs Postgres passes through.
  const lines: string[] = [];
  const server = await startServer({ home, log: (line) => lines.push(line) });
  const stop = async () => {
    await server.leave();
    removeHome(home);
  };
  try {
    const urls = { appUrl: server.appUrl, ownerUrl: server.ownerUrl };
    await migrate(urls.ownerUrl, { log: (line) => lines.push(line) });
    await forbidConnections(urls.ownerUrl);
    project.provide("templateUrls", urls);
  } catch (error) {
    process.stderr.write(`${lines.join("\n")}\n`);
    await stop();
    throw error;
  }
  return stop;
}

/** A template that somebody is connected to cannot be cloned. */
async function forbidConnections(ownerUrl: string): Promise<void> {
  const url = new URL(ownerUrl);
  const template = url.pathname.slice(1);
  url.pathname = "/postgres";
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(`alter database ${template} allow_connections false`);
  await client.end();
}
