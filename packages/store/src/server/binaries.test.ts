import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeMissingLinks } from "./binaries.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "recsys-binaries-"));
  mkdirSync(join(root, "native", "lib"), { recursive: true });
  writeFileSync(join(root, "native", "lib", "libx.so.1.2"), "library");
  writeFileSync(
    join(root, "native", "pg-symlinks.json"),
    JSON.stringify([
      { source: "native/lib/libx.so.1.2", target: "native/lib/libx.so.1" },
    ]),
  );
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const linked = () =>
  readFileSync(join(root, "native", "lib", "libx.so.1"), "utf8");

it("makes the links that an install script would have made", () => {
  makeMissingLinks(root);
  expect(linked()).toBe("library");
});

it("mends a link that points nowhere, and leaves a good one alone", () => {
  symlinkSync("gone.so", join(root, "native", "lib", "libx.so.1"));
  makeMissingLinks(root);
  makeMissingLinks(root);
  expect(linked()).toBe("library");
});
