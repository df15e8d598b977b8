import { expect, test } from "vitest";
import { runCli } from "./cli.ts";
import { unknownSettings } from "./settings.ts";
import { silentIo } from "./silent-io.ts";

test.each([
  ["RECSYS_REPLAY_DAY", "RECSYS_REPLAY_DAYS"],
  ["RECSYS_SAMPLE_RATE", "RECSYS_SAMPLE_SHARE"],
  ["RECSYS_TENNANT", "RECSYS_TENANT"],
  ["RECSYS_DB_ARTEFACT_MAX_MB", "RECSYS_DB_ARTIFACT_MAX_MB"],
])("%s is told with what was meant", (name, meant) => {
  expect(unknownSettings({ [name]: "1" })).toEqual([
    `${name} is not a setting; did you mean ${meant}?`,
  ]);
});

test("what is like no setting is told with where they are listed", () => {
  expect(unknownSettings({ RECSYS_COLOUR_SCHEME: "dark" })).toEqual([
    "RECSYS_COLOUR_SCHEME is not a setting; recsys config settings lists them all",
  ]);
});

test("settings, variables of others and those of tests are not told", () => {
  const environment = {
    RECSYS_HOME: "x",
    RECSYS_API_KEY: "x",
    RECSYS_TEST_REQUIRE: "all",
    PATH: "x",
    recsys_home: "x",
  };
  expect(unknownSettings(environment)).toEqual([]);
});

test("a command says so before it does its work", async () => {
  const io = silentIo({ RECSYS_HOEM: "x" });
  expect(await runCli(["config", "settings"], io)).toBe(0);
  expect(io.notes).toEqual([
    "RECSYS_HOEM is not a setting; did you mean RECSYS_HOME?",
  ]);
  expect(io.lines.join("\n")).toMatch(/RECSYS_TENANT +unset +default/);
});
