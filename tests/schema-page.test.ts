import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { expect, test } from "vitest";
import { SCHEMA_PAGE, schemaPage } from "../scripts/schema-page.ts";
import { testDatabase } from "./support/database.ts";

test("docs/reference/database-schema.md is what the migrations make (npm run docs writes it)", async () => {
  const database = await testDatabase();
  try {
    const text = await schemaPage(database.ownerUrl);
    const written = readFileSync(
      join(import.meta.dirname, "..", SCHEMA_PAGE),
      "utf8",
    );
    expect(written).toBe(await format(text, { parser: "markdown" }));
  } finally {
    await database.drop();
  }
});
