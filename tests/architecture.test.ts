import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { ERRORS, PERMISSIONS } from "@recsys/contracts";
import { openApiDocument, ROUTES } from "@recsys/service";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const filesLike = (pattern: string) => globSync(pattern, { cwd: root }).sort();
const isTest = (path: string) => /[.](test|contract)[.]tsx?$/.test(path);

/** Each registry, the files that may hold a part of it, and how one shows that it does. */
const REGISTRIES = [
  {
    registry: "packages/ranking/src/sources/index.ts",
    files: "packages/ranking/src/sources/*.ts",
    part: /^export const \w+: Source</m,
  },
  {
    registry: "packages/ranking/src/eligibility/index.ts",
    files: "packages/ranking/src/eligibility/*.ts",
    part: /^export const \w+: Filter\b/m,
  },
  {
    registry: "packages/ranking/src/pipeline.ts",
    files: "packages/ranking/src/stages/*.ts",
    part: /^export const \w+: Stage\b/m,
  },
  {
    registry: "packages/learning/src/index.ts",
    files: "packages/learning/src/*.ts",
    part: /^export const \w+: Signal</m,
  },
  {
    registry: "packages/learning/src/models/index.ts",
    files: "packages/learning/src/models/*.ts",
    part: /^export const \w+: Model\b/m,
  },
  {
    registry: "packages/pipelines/src/jobs/index.ts",
    files: "packages/pipelines/src/jobs/*.ts",
    part: /^export const \w+(: Job =| = signalJob)/m,
  },
  {
    registry: "packages/evaluation/src/metrics/index.ts",
    files: "packages/evaluation/src/metrics/*.ts",
    part: /^export const \w+: (Accuracy|List|Ratio|Exposure)Metric\b/m,
  },
  {
    registry: "packages/service/src/routes/index.ts",
    files: "packages/service/src/routes/*/*.ts",
    part: /^export const \w+Route\b/m,
  },
  {
    registry: "apps/cli/src/commands/index.ts",
    files: "apps/cli/src/commands/*.ts",
    part: /^export function \w+Command\(\w+: Cli\)/m,
  },
];

test.each(REGISTRIES)(
  "$registry lists every part that there is a file of",
  ({ registry, files, part }) => {
    const written = filesLike(files).filter(
      (path) =>
        path !== registry &&
        !isTest(path) &&
        !isPartOfAnother(path, files) &&
        part.test(read(path)),
    );
    const folder = dirname(registry);
    const listed = [...read(registry).matchAll(/from "(\.[^"]+)"/g)]
      .map((match) => join(folder, match[1] ?? ""))
      .filter((path) => part.test(read(path)));
    expect(written.length).toBeGreaterThan(1);
    expect(listed.sort()).toEqual(written);
  },
);

/** A command with many subcommands has a file of its own for some: `pipelines-schedule.ts` belongs to `pipelines.ts`. */
function isPartOfAnother(path: string, files: string): boolean {
  const name = basename(path, ".ts");
  return (
    files.startsWith("apps/cli/") &&
    filesLike(files).some((other) =>
      name.startsWith(`${basename(other, ".ts")}-`),
    )
  );
}

const guides = filesLike("docs/add-a/*.md").filter(
  (path) => basename(path) !== "README.md",
);

test.each(guides)("%s shows a best example and names its registry", (path) => {
  const links = [...read(path).matchAll(/\]\(([^)#]+[.]tsx?)\)/g)].map(
    (match) => relative(root, resolve(root, dirname(path), match[1] ?? "")),
  );
  expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
  const registry = REGISTRIES.find((one) => links.includes(one.registry));
  expect(registry).toBeDefined();
  const examples = links.filter((link) => registry?.part.test(read(link)));
  expect(examples).not.toEqual([]);
});

describe("what is declared is used", () => {
  const sources = filesLike("{packages,apps}/*/src/**/*.{ts,tsx}").filter(
    (path) => !isTest(path) && !/contracts.src.(errors|permissions)/.test(path),
  );
  const text = sources.map(read).join("\n");

  test("every error code", () => {
    const unused = Object.keys(ERRORS).filter(
      (code) => !text.includes(`"${code}"`),
    );
    expect(unused).toEqual([]);
  });

  test.each(Object.keys(PERMISSIONS))("permission %s", (name) => {
    expect(text.includes(`"${name}"`)).toBe(true);
  });
});

test("OpenAPI has each route and nothing else", () => {
  const document = openApiDocument(ROUTES, {
    version: "0",
    tenantHeader: "X-Org-Id",
  });
  const described = Object.entries(document["paths"] ?? {}).flatMap(
    ([path, methods]) =>
      Object.keys(methods as object).map(
        (method) => `${method.toUpperCase()} ${path}`,
      ),
  );
  const routed = ROUTES.map(
    ({ method, url }) => `${method} ${url.replaceAll(/:([a-z_]+)/g, "{$1}")}`,
  );
  expect(described.sort()).toEqual(routed.sort());
});

test("the page on the API names each route and nothing else", () => {
  const rows = read("docs/api.md")
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .join("\n");
  const named = [...rows.matchAll(/`[A-Z ]*(\/[^`?]*)`/g)].map(
    (match) => match[1] ?? "",
  );
  const routed = ROUTES.map(({ url }) => url.replaceAll(/:([a-z_]+)/g, "{$1}"));
  expect([...new Set(named)].sort()).toEqual([...new Set(routed)].sort());
});
