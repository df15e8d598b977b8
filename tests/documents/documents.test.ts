import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const SKIPPED = new Set([
  "node_modules",
  "dist",
  ".git",
  ".recsys",
  "coverage",
]);

function filesUnder(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !SKIPPED.has(name))
    .map((name) => join(folder, name))
    .flatMap((path) =>
      statSync(path).isDirectory() ? filesUnder(path) : [path],
    );
}

const all = filesUnder(root);
const documents = all.filter((path) => path.endsWith(".md"));
const sources = all.filter((path) => /[.]tsx?$/.test(path));

/** Headings as the anchors that they get on the usual code hosts. */
function anchors(text: string): Set<string> {
  return new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map((match) =>
      (match[1] ?? "")
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

test.each(documents.map((path) => [relative(root, path), path] as const))(
  "%s links only to files and headings that exist",
  (_, path) => {
    const text = readFileSync(path, "utf8");
    const broken: string[] = [];
    for (const match of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      const link = match[1] ?? "";
      if (/^(https?|mailto):/.test(link)) continue;
      const [file = "", heading] = link.split("#");
      const target = file === "" ? path : resolve(dirname(path), file);
      const found = existsSync(target);
      if (!found) broken.push(link);
      else if (
        heading !== undefined &&
        !anchors(readFileSync(target, "utf8")).has(heading)
      ) {
        broken.push(link);
      }
    }
    expect(broken).toEqual([]);
  },
);

test("every page is reached from the list of guides", () => {
  const reached = new Set<string>();
  const follow = (path: string): void => {
    if (reached.has(path) || !path.endsWith(".md") || !existsSync(path)) return;
    reached.add(path);
    for (const match of readFileSync(path, "utf8").matchAll(
      /\]\(([^)#\s]+)/g,
    )) {
      follow(resolve(dirname(path), match[1] ?? ""));
    }
  };
  follow(join(root, "docs/README.md"));
  const pages = documents.filter((path) => path.startsWith(join(root, "docs")));
  expect(pages.filter((path) => !reached.has(path))).toEqual([]);
});

test("every package and application has a README of one screen", () => {
  const folders = ["packages", "apps"].flatMap((group) =>
    readdirSync(join(root, group)).map((name) =>
      join(root, group, name, "README.md"),
    ),
  );
  const bad = folders.filter(
    (path) =>
      !existsSync(path) || readFileSync(path, "utf8").split("\n").length > 60,
  );
  expect(bad).toEqual([]);
});

test("no file is named with a word that hides what it holds", () => {
  const banned =
    /(^|[-_.])(manager|helpers?|utils?|common|misc|base|impl|handler2|data|info)([-_.]|$)/;
  const named = sources
    .filter((path) =>
      banned.test(
        path
          .split("/")
          .at(-1)
          ?.replace(/[.]tsx?$/, "") ?? "",
      ),
    )
    .map((path) => relative(root, path));
  expect(named).toEqual([]);
});

test("an index.ts stands only at a package's door or at a registry", () => {
  const doors = sources.filter((path) => path.endsWith("/index.ts"));
  const strange = doors.filter(
    (path) =>
      !/\/src\/index[.]ts$/.test(path) &&
      !readFileSync(path, "utf8").includes("/**"),
  );
  expect(strange.map((path) => relative(root, path))).toEqual([]);
});

test("no source promises something for later without a reason, or silences a check", () => {
  const promise = new RegExp(
    [
      "\\bTO" + "DO\\b",
      "\\bFIX" + "ME\\b",
      "eslint-" + "disable",
      "@ts-" + "(ignore|expect-error|nocheck)",
      "\\w[.](skip|only|to" + "do)\\(",
    ].join("|"),
  );
  const found = sources
    .filter((path) => promise.test(readFileSync(path, "utf8")))
    .map((path) => relative(root, path));
  expect(found).toEqual(
    ["tests/support/needs.ts"].filter((path) => found.includes(path)),
  );
});

test("the lock file has an entry for every optional package, which newer npm insists on", () => {
  const lock = JSON.parse(
    readFileSync(join(root, "package-lock.json"), "utf8"),
  ) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>;
  };
  const names = new Set(
    Object.keys(lock.packages).map((path) =>
      path.split("node_modules/").at(-1),
    ),
  );
  const missing = Object.values(lock.packages)
    .flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}))
    .filter((name) => !names.has(name));
  expect(missing).toEqual([]);
});
