import { existsSync } from "node:fs";
import { test } from "vitest";

/** What a test may need beyond Node, and the command that brings it. */
const NEEDS = {
  browser: {
    get: "apt-get install --no-install-recommends chromium",
    has: () =>
      anyExists(["/usr/bin/chromium", "/usr/bin/google-chrome"]) ||
      process.env["RECSYS_TEST_BROWSER"] !== undefined,
  },
  s3: {
    get: "apt-get install radosgw",
    has: () => anyExists(["/usr/bin/radosgw"]),
  },
  spark: {
    get: "pip install pyspark, with Java 17",
    has: () => anyExists(["/usr/local/bin/spark-submit"]),
  },
  python: {
    get: "apt-get install python3",
    has: () => anyExists(["/usr/bin/python3", "/usr/local/bin/python3"]),
  },
  shared: {
    get: "setting RECSYS_SHARED to the directory with the reference data",
    has: () => anyExists([sharedFolder()]),
  },
  root: {
    get: "sudo npm test",
    has: () => process.getuid?.() === 0,
  },
} as const;

export type Need = keyof typeof NEEDS;

/**
 * A `test` for cases that need something of the machine. Without it the case
 * is skipped with a line that says how to get it; with RECSYS_TEST_REQUIRE=all
 * it fails instead.
 */
export function needs(need: Need): {
  test(name: string, work: () => Promise<void>, timeoutMs?: number): void;
} {
  return {
    test(name, work, timeoutMs) {
      const { get, has } = NEEDS[need];
      if (has()) {
        test(name, work, timeoutMs);
        return;
      }
      const sentence = `skipped: ${name}, needs ${need}, get it by ${get}`;
      if (process.env["RECSYS_TEST_REQUIRE"] === "all") {
        test(name, () => {
          throw new Error(sentence);
        });
        return;
      }
      process.stdout.write(`${sentence}\n`);
      test.skip(name);
    },
  };
}

/** Where the reference data is, for tests that need `shared`. */
export function sharedFolder(): string {
  return process.env["RECSYS_SHARED"] ?? "../shared/data";
}

function anyExists(paths: readonly string[]): boolean {
  return paths.some((path) => existsSync(path));
}
