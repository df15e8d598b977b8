import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { expect, test } from "vitest";
import { referencePages } from "../../scripts/reference-pages.ts";
import { SCHEMA_PAGE } from "../../scripts/schema-page.ts";

const root = join(import.meta.dirname, "../..");

test.each(referencePages().map((page) => [page.path, page.text] as const))(
  "%s says what the code says (npm run docs writes it)",
  async (path, text) => {
    const written = readFileSync(join(root, path), "utf8");
    expect(written).toBe(await format(text, { parser: "markdown" }));
  },
);

test("every page of docs/reference is generated", () => {
  const generated = [...referencePages().map((page) => page.path), SCHEMA_PAGE];
  const found = readdirSync(join(root, "docs/reference")).map(
    (name) => `docs/reference/${name}`,
  );
  expect(found.sort()).toEqual(generated.sort());
});
