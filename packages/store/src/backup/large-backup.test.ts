import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  testDatabase,
  type TestDatabase,
} from "../../../../tests/support/database.ts";
import {
  openTestStore,
  type TestStore,
} from "../../test/support/open-test-store.ts";
import { backup } from "./backup.ts";
import { restore } from "./restore.ts";

const EVENTS = 200_000;
let source: TestStore;
let target: TestDatabase;
let folder = "";
const warnings: Error[] = [];
const onWarning = (warning: Error) => warnings.push(warning);

beforeAll(async () => {
  source = await openTestStore();
  target = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), "recsys-large-backup-"));
  process.on("warning", onWarning);
});
afterAll(async () => {
  process.off("warning", onWarning);
  await source.close();
  await target.drop();
  rmSync(folder, { recursive: true });
});

/** Number and checksum of all events, of whatever tenant. */
async function events(ownerUrl: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query(
      `select count(*)::int as rows, sum(hashtextextended(e::text, 0))::text as sum
         from public.events e`,
    );
    return rows[0];
  } finally {
    await client.end();
  }
}

it(`a backup of ${EVENTS} events warns of nothing and comes back equal`, async () => {
  const tenant = await source.newTenant();
  await source.owner.query(
    "select recsys.ensure_partition('events', timestamptz '2026-03-02')",
  );
  // Contexts that hardly compress: the file is written slower than rows come.
  const made = await tenant.attempt(
    `insert into events (tenant_id, namespace, event_id, user_key, guest, type,
                         item_id, ts, received_at, late, context)
     select recsys.tenant(), 'default', 'e' || n, gen_random_uuid(), false,
            'view', 'i' || n % 997, timestamptz '2026-03-02' + n * interval '1 second',
            recsys.now(), false, jsonb_build_object('note', gen_random_uuid())
       from generate_series(1, ${EVENTS}) as n`,
  );
  expect(made).toBe(EVENTS);
  const directory = join(folder, "b");
  const log = () => undefined;
  const manifest = await backup({ ownerUrl: source.ownerUrl, directory, log });
  const file = manifest.tables.find(({ table }) => table === "events");
  expect(file?.rows).toBe(EVENTS);
  expect(statSync(join(directory, file?.file ?? "")).size).toBeGreaterThan(5e6);
  await restore({ ownerUrl: target.ownerUrl, directory, log });
  expect(await events(target.ownerUrl)).toEqual(await events(source.ownerUrl));
  expect(warnings).toEqual([]);
}, 120_000);
