import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkVectors } from "./selftest/check-vectors.ts";
import type { JsonValue } from "./selftest/fields.ts";

const folder = new URL("../vectors/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

test("there are check vectors", () => {
  expect(files.length).toBeGreaterThan(15);
});

describe.each(files)("%s", (name) => {
  const text = readFileSync(new URL(name, folder), "utf8");
  const cases = checkVectors(JSON.parse(text) as JsonValue);
  test.each(cases)("$name", ({ differences }) => {
    expect(differences).toEqual([]);
  });
});
