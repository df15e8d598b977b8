import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fileText, referencePages } from "../../scripts/reference-pages.ts";
import { SCHEMA_PAGE } from "../../scripts/schema-page.ts";

const root = join(import.meta.dirname, "../..");

test.each(referencePages())(
  "$path says what the code says (npm run docs writes it)",
  async (page) => {
    const written = readFileSync(join(root, page.path), "utf8");
    expect(written).toBe(await fileText(page));
  },
);

test("every page of docs/reference is generated", () => {
  const generated = [
    ...referencePages().map(({ path }) => path),
    SCHEMA_PAGE,
  ].filter((path) => path.startsWith("docs/reference/"));
  const found = readdirSync(join(root, "docs/reference")).map(
    (name) => `docs/reference/${name}`,
  );
  expect(found.sort()).toEqual(generated.sort());
});
