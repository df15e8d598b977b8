import { defineConfig } from "vitest/config";

const pure =
  "packages/{contracts,ranking,kernels,learning,evaluation,governance,client}";

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    pool: "forks",
    projects: [
      {
        extends: true,
        test: {
          name: "pure",
          include: [
            `${pure}/src/**/*.test.{ts,tsx}`,
            "tests/documents/*.test.ts",
            "tests/architecture.test.ts",
          ],
        },
      },
      {
        extends: true,
        test: {
          name: "real",
          include: [
            "packages/{store,pipelines,service}/{src,test}/**/*.test.ts",
            "apps/*/{src,test}/**/*.test.{ts,tsx}",
            "tests/*.test.ts",
          ],
          exclude: ["tests/architecture.test.ts"],
          globalSetup: ["tests/database-setup.ts"],
        },
      },
    ],
  },
});
