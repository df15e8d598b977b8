import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate, startServer } from "@recsys/store";
import { format } from "prettier";
import { referencePages } from "./reference-pages.ts";
import { SCHEMA_PAGE, schemaPage } from "./schema-page.ts";

const root = join(import.meta.dirname, "..");
for (const page of referencePages()) await write(page.path, page.text);
await write(SCHEMA_PAGE, await describeSchema());

async function write(path: string, text: string): Promise<void> {
  writeFileSync(join(root, path), await format(text, { parser: "markdown" }));
  console.log(path);
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
