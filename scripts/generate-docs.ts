import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { migrate, startServer } from "@recsys/store";
import {
  fileText,
  referencePages,
  type ReferencePage,
} from "./reference-pages.ts";
import { SCHEMA_PAGE, schemaPage } from "./schema-page.ts";

const root = join(import.meta.dirname, "..");
for (const page of referencePages()) await write(page);
await write({ path: SCHEMA_PAGE, text: await describeSchema() });

async function write(page: ReferencePage): Promise<void> {
  const file = join(root, page.path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, await fileText(page));
  console.log(page.path);
}

/** Migrates a database that exists only for this. */
async function describeSchema(): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), "recsys-docs-"));
  chmodSync(home, 0o711); // The account that runs Postgres passes through.
  const server = await startServer({ home, log: () => undefined });
  try {
    await migrate(server.ownerUrl, { log: () => undefined });
    return await schemaPage(server.ownerUrl);
  } finally {
    await server.leave();
    rmSync(home, { recursive: true, force: true });
  }
}
