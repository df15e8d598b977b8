import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { testDatabase } from "../../../tests/support/database.ts";
import { runCli } from "./cli.ts";
import { onPlace } from "./platform.ts";
import { createProgress } from "./progress.ts";
import { runHere } from "./run-pipeline.ts";
import { silentIo } from "./silent-io.ts";

test("where nobody watches, an import says one line a quarter, for each file", () => {
  const io = silentIo({});
  const progress = createProgress(io, "import", { quarters: true });
  for (const [done, note] of [
    [10, "a"],
    [26, "b"],
    [30, "c"],
    [80, "d"],
    [100, "e"],
    [5, "next file"],
    [60, "f"],
  ] as const) {
    progress.update(done, 100, note);
  }
  expect(io.notes).toEqual([
    "import: 25 % b",
    "import: 75 % d",
    "import: 100 % e",
    "import: 50 % f",
  ]);
});

test("a bar goes on after a line that was said, and never back", () => {
  let drawn = "";
  const screen = Object.assign(
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        drawn += chunk.toString();
        done();
      },
    }),
    { isTTY: true, columns: 120 },
  );
  const io = { ...silentIo({}), isTerminal: true };
  const progress = createProgress(io, "pipelines", { screen });
  progress.update(30, 100, "a");
  progress.line("a is done");
  progress.update(31, 100, "b");
  progress.stop();
  const shown = [...drawn.matchAll(/(\d+)%/g)].map(([, share]) =>
    Number(share),
  );
  expect(new Set(shown)).toEqual(new Set([30, 31]));
});

test("where nobody watches and nobody asked for lines, nothing is said", () => {
  const io = silentIo({});
  const progress = createProgress(io, "import");
  progress.update(100, 100, "all");
  progress.stop();
  expect(io.notes).toEqual([]);
});

test("a run says one line about each job when it is asked to, and nothing otherwise", async () => {
  const database = await testDatabase();
  const home = mkdtempSync(join(tmpdir(), "recsys-progress-"));
  const io = silentIo({
    RECSYS_HOME: home,
    DATABASE_URL: database.appUrl,
    DATABASE_MIGRATE_URL: database.ownerUrl,
  });
  try {
    const file = join(home, "items.csv");
    writeFileSync(file, "item_id,title\ni1,One\n");
    await runCli(["tenants", "create", "shop"], io);
    await runCli(["import", file, "--type", "items"], io);
    const notesOf = async (tellJobs: boolean) => {
      const heard = { ...silentIo(io.environment) };
      const cli = { io: heard, action: () => () => Promise.resolve() };
      await onPlace(cli, { namespace: "default" }, (place) =>
        runHere(heard, place, {
          asOf: Date.now(),
          trigger: "test",
          jobs: ["catalogue", "content"],
          tellJobs,
        }),
      );
      return heard.notes;
    };
    expect(await notesOf(true)).toEqual([
      expect.stringMatching(/^ {2}catalogue +done +\d+\.\d s$/),
      expect.stringMatching(/^ {2}content +done +\d+\.\d s$/),
    ]);
    expect(await notesOf(false)).toEqual([]);
  } finally {
    await database.drop();
    rmSync(home, { recursive: true, force: true });
  }
});
