import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  testDatabase,
  type TestDatabase,
} from "../../../tests/support/database.ts";
import { runCli } from "./cli.ts";
import type { Finding } from "./finding.ts";
import { silentIo } from "./silent-io.ts";

let database: TestDatabase;
let home = "";
beforeAll(async () => {
  database = await testDatabase();
  home = mkdtempSync(join(tmpdir(), "recsys-doctor-"));
});
afterAll(async () => {
  await database.drop();
  rmSync(home, { recursive: true, force: true });
});

async function recsys(...args: string[]) {
  const io = silentIo({
    RECSYS_HOME: home,
    DATABASE_URL: database.appUrl,
    DATABASE_MIGRATE_URL: database.ownerUrl,
  });
  const code = await runCli(args, io);
  return { ...io, code };
}

async function artifacts(): Promise<Finding | undefined> {
  const { lines } = await recsys("doctor", "--json");
  const findings = JSON.parse(lines[0] ?? "[]") as Finding[];
  return findings.find(({ check }) => check === "shop: artifacts");
}

test("artifacts of the live manifest that cannot be loaded are named, and a run makes them again", async () => {
  const file = join(home, "clicks.csv");
  const rows = ["a,i1", "a,i2", "b,i1"].map(
    (row) => `${row},2026-01-01T00:00:00Z,click`,
  );
  writeFileSync(file, `user_id,item_id,ts,type\n${rows.join("\n")}\n`);
  const items = join(home, "items.csv");
  writeFileSync(items, "item_id,title\ni1,One\ni2,Two\n");
  await recsys("tenants", "create", "shop");
  await recsys("import", items, "--type", "items", "--tenant", "shop");
  await recsys("import", file, "--type", "events", "--tenant", "shop");
  const jobs = "ingest,catalogue,popularity,trending,publish";
  const run = ["pipelines", "run", "--tenant", "shop", "--jobs"];
  expect((await recsys(...run, jobs)).code).toBe(0);
  expect(await artifacts()).toMatchObject({ ok: true, found: "2 whole" });

  const shown = await recsys("manifest", "show", "--tenant", "shop", "--json");
  const manifest = JSON.parse(shown.lines[0] ?? "") as {
    artifacts: Record<string, { hash: string }>;
  };
  const pathOf = (signal: string) => {
    const hash = manifest.artifacts[signal]?.hash ?? "";
    return join(home, "objects", "shop", hash.slice(0, 2), hash);
  };
  rmSync(pathOf("popularity"));
  writeFileSync(pathOf("trending"), "not what was learned");
  const broken = await artifacts();
  expect(broken?.ok).toBe(false);
  expect(broken?.found).toMatch(
    /^artifact popularity \([0-9a-f]{12}\) of manifest 1-[0-9a-f]{8} is missing from the object store; artifact trending \([0-9a-f]{12}\) of manifest 1-[0-9a-f]{8} has other bytes than its hash says$/,
  );
  expect(broken?.fix).toContain(
    "recsys pipelines run --tenant shop --namespace default",
  );

  expect((await recsys(...run, "publish")).code).toBe(0);
  expect(await artifacts()).toMatchObject({ ok: true, found: "2 whole" });
});
