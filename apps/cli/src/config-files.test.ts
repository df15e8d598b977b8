import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runTool } from "../../../tests/support/product.ts";
import { openPlace, SHOP, type Place } from "../../../tests/support/shop.ts";
import { differences, over } from "./config-files.ts";

let place: Place;
let folder: string;
beforeAll(async () => {
  place = await openPlace();
  folder = join(place.home, "files");
}, 60_000);
afterAll(() => place.remove());

const config = (...args: string[]) =>
  runTool(["config", ...args, "--tenant", SHOP], place.environment);

function edit(file: string, change: (content: never) => unknown): void {
  const path = join(folder, file);
  const content = JSON.parse(readFileSync(path, "utf8")) as never;
  writeFileSync(path, JSON.stringify(change(content)));
}

const block = (id: string) => ({
  id,
  action: "BLOCK",
  target: { item_ids: ["a"] },
  priority: 1,
  enabled: true,
  owner: "o",
  reason: "r",
});

test("configuration goes from live to files, to live, and back", async () => {
  expect((await config("get", folder)).code).toBe(0);
  expect((await config("diff", folder)).code).toBe(0);
  edit("knobs.json", () => ({ "popularity.weight": 0.4 }));
  edit("rules.json", () => ({ rules: [block("one")] }));
  const differing = await config("diff", folder);
  expect(differing.code).toBe(2);
  expect(differing.stdout.split("\n")).toEqual(
    expect.arrayContaining([
      "/knobs/popularity.weight: nothing -> 0.4",
      expect.stringMatching(/^\/rules\/rules\/one: nothing -> /) as string,
    ]),
  );
  const snapshot = join(place.home, "snapshot.json");
  expect((await config("snapshot", snapshot)).code).toBe(0);

  const applied = await config("apply", folder);
  expect(applied.stdout).toMatch(
    /^live now: configuration 1-\w+, rules 1-\w+ \(2 places differ\)/,
  );
  expect((await config("diff", folder)).code).toBe(0);
  expect((await config("apply", folder)).stdout).toMatch(/^nothing to do/);

  expect((await config("restore", snapshot)).code).toBe(0);
  const live = await config("show", "knobs");
  expect(JSON.parse(live.stdout)).toEqual({});
  // What is live moved, so the files are old.
  const late = await config("apply", folder);
  expect(late.code).toBe(1);
  expect(late.stderr).toContain("VERSION_CONFLICT");
  expect((await config("apply", folder, "--force")).code).toBe(0);
}, 60_000);

test("a profile is laid over the files", async () => {
  await config("get", folder);
  const differing = await config("diff", folder, "--profile", "dev");
  expect(differing.code).toBe(2);
  expect(differing.stdout).toContain("/decision_log");
  expect((await config("apply", folder, "--profile", "dev")).code).toBe(0);
  const live = await config("show", "decision_log");
  expect(JSON.parse(live.stdout)).toEqual({ sample_share: 1 });
  const none = await config("diff", folder, "--profile", "none");
  expect(none.stderr).toContain("There is no profile none");
}, 60_000);

test("files with mistakes change nothing", async () => {
  await config("get", folder);
  edit("knobs.json", () => ({ "popularity.wait": 1 }));
  const applied = await config("apply", folder);
  expect(applied.code).toBe(1);
  expect(applied.stderr).toContain("/knobs/popularity.wait");
  const file = join(folder, "knobs.json");
  const set = await config("set", "knobs", file);
  expect(set.code).toBe(1);
}, 60_000);

describe("documents", () => {
  test("differ by path, lists of named things by name", () => {
    const before = { a: 1, list: [{ id: "x", v: 1 }, { id: "y" }], same: [1] };
    const after = { b: 2, list: [{ id: "y" }, { id: "x", v: 2 }], same: [1] };
    expect(differences(before, after)).toEqual([
      { path: "/a", before: 1, after: undefined },
      { path: "/b", before: undefined, after: 2 },
      { path: "/list/x/v", before: 1, after: 2 },
    ]);
    expect(
      differences([{ id: "x" }, { id: "y" }], [{ id: "y" }, { id: "x" }]),
    ).toEqual([{ path: "", before: ["x", "y"], after: ["y", "x"] }]);
  });

  test("are laid over each other as RFC 7396 says", () => {
    expect(
      over({ a: { b: 1, c: 2 }, d: [1] }, { a: { b: null }, d: [2] }),
    ).toEqual({ a: { c: 2 }, d: [2] });
  });
});
