import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  fileText,
  knobRow,
  referencePages,
} from "../../scripts/reference-pages.ts";
import { SCHEMA_PAGE } from "../../scripts/schema-page.ts";

const root = join(import.meta.dirname, "../..");

test.each(referencePages())(
  "$path says what the code says (npm run docs writes it)",
  async (page) => {
    const written = readFileSync(join(root, page.path), "utf8");
    expect(written).toBe(await fileText(page));
  },
);

test("a knob that lacks a part gets no row, but a sentence", () => {
  const knob = {
    name: "x.window",
    kind: "number" as const,
    default: 1,
    minimum: 0,
    maximum: 9,
    unit: "days",
    description: "How long.",
  };
  expect(knobRow(knob)).toBe("| `x.window` | `1` | 0 to 9 days | How long. |");
  const { unit, ...rest } = knob;
  expect(unit).toBe("days");
  expect(() => knobRow(rest as typeof knob)).toThrow(
    'The knob x.window has no unit; unit is "" for a plain number.',
  );
});

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
