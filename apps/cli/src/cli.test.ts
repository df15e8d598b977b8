import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JOBS } from "@recsys/pipelines";
import { SOURCES } from "@recsys/ranking";
import type { Command } from "commander";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  testDatabase,
  type TestDatabase,
} from "../../../tests/support/database.ts";
import { createProgram, runCli } from "./cli.ts";
import { silentIo, type SilentIo } from "./silent-io.ts";

let database: TestDatabase;
let home = "";

beforeAll(async () => {
  database = await testDatabase();
  home = mkdtempSync(join(tmpdir(), "recsys-cli-"));
});

afterAll(async () => {
  await database.drop();
  rmSync(home, { recursive: true, force: true });
});

async function recsys(...args: string[]): Promise<SilentIo & { code: number }> {
  const io = silentIo({
    RECSYS_HOME: home,
    DATABASE_URL: database.appUrl,
    DATABASE_MIGRATE_URL: database.ownerUrl,
  });
  const code = await runCli(args, io);
  return { ...io, code };
}

function everyCommand(): {
  readonly path: string;
  readonly command: Command;
}[] {
  const io = silentIo({});
  const program = createProgram({ io, action: () => () => Promise.resolve() });
  const walk = (
    command: Command,
    path: string,
  ): { path: string; command: Command }[] => [
    { path, command },
    ...command.commands.flatMap((inner) =>
      walk(inner, `${path} ${inner.name()}`),
    ),
  ];
  return walk(program, "recsys");
}

/** One more source or job is no change of the command line: their names are left out. */
function withoutRegistries(command: Command): void {
  const sources = SOURCES.map((source) => source.name).join();
  const jobs = JOBS.map((job) => job.name).join(", ");
  for (const option of command.options) {
    if (option.argChoices?.join() === sources) option.choices(["every source"]);
    option.description = option.description.replace(jobs, "every job");
  }
}

describe("help", () => {
  test("every command, argument and option has words", () => {
    for (const { path, command } of everyCommand()) {
      expect(command.description(), path).not.toBe("");
      for (const option of command.options)
        expect(option.description, `${path} ${option.flags}`).not.toBe("");
      for (const argument of command.registeredArguments) {
        expect(argument.description, `${path} ${argument.name()}`).not.toBe("");
      }
    }
  });

  test("the --help of every command is as last seen", () => {
    const texts = everyCommand().map(({ path, command }) => {
      withoutRegistries(command);
      return `# ${path}\n${command.helpInformation()}`;
    });
    expect(texts.join("\n")).toMatchSnapshot();
  });

  test("asking for help is no error, an unknown command is one that says so", async () => {
    expect((await recsys("--help")).code).toBe(0);
    const { code, notes } = await recsys("explode");
    expect(code).toBe(1);
    expect(notes.join("\n")).toContain("unknown command 'explode'");
  });
});

describe("errors", () => {
  test("all mistakes in the settings are told at once", async () => {
    const io = silentIo({ PORT: "eighty", LOG_LEVEL: "loud" });
    expect(await runCli(["tenants", "list"], io)).toBe(1);
    expect(io.notes.join("\n")).toMatch(/PORT[^]*LOG_LEVEL/);
  });

  test("an error has its code and what to do", async () => {
    const { code, notes } = await recsys(
      "manifest",
      "list",
      "--tenant",
      "nobody",
    );
    expect(code).toBe(1);
    expect(notes.join("\n")).toMatch(/TENANT_UNKNOWN[^]*What to do: Create it/);
  });

  test("a namespace that is no slug is refused before anything is done", async () => {
    const { code, notes } = await recsys(
      "manifest",
      "list",
      "--namespace",
      "../x",
    );
    expect(code).toBe(1);
    expect(notes[0]).toMatch(/INVALID_REQUEST[^]*namespace/);
  });

  test("a database that nobody answers at is one sentence, not a stack", async () => {
    const io = silentIo({
      RECSYS_HOME: home,
      DATABASE_URL: "postgres://u:secret@127.0.0.1:1/x",
    });
    expect(await runCli(["tenants", "list"], io)).toBe(1);
    expect(io.notes[0]).toContain("UNREACHABLE");
    expect(io.notes.join("\n")).not.toMatch(/secret|at .*[.]ts/);
  });
});

describe("on a database", () => {
  test("migrate status and check find a complete schema", async () => {
    expect(await recsys("migrate", "check")).toMatchObject({ code: 0 });
    const { code, lines } = await recsys("migrate", "status", "--json");
    expect(code).toBe(0);
    expect(lines[0]).toContain('"state":"applied"');
  });

  test("a tenant is created once, and a second time refused", async () => {
    expect(
      await recsys("tenants", "create", "shop", "--mode", "db"),
    ).toMatchObject({ code: 0 });
    const again = await recsys("tenants", "create", "shop");
    expect(again.code).toBe(1);
    expect(again.notes[0]).toContain("ALREADY_EXISTS");
    const { lines } = await recsys("tenants", "list", "--json");
    expect(JSON.parse(lines[0] ?? "")).toEqual([
      { tenant: "shop", name: "shop", mode: "db", time_offset_days: 0 },
    ]);
  });

  test("a key is shown once, listed without itself, and revoked", async () => {
    const issued = await recsys(
      "keys",
      "issue",
      "--tenant",
      "shop",
      "--role",
      "operator",
      "--name",
      "backend",
    );
    expect(issued.lines[0]).toMatch(/^rsk_[\w-]{43}$/);
    const { lines } = await recsys(
      "keys",
      "list",
      "--tenant",
      "shop",
      "--json",
    );
    const [key] = JSON.parse(lines[0] ?? "") as {
      key_id: string;
      revoked: string | null;
    }[];
    expect(lines[0]).not.toContain(issued.lines[0]);
    expect(key?.revoked).toBeNull();
    expect(
      await recsys("keys", "revoke", key?.key_id ?? "", "--tenant", "shop"),
    ).toMatchObject({ code: 0 });
    expect(
      (await recsys("keys", "revoke", key?.key_id ?? "", "--tenant", "shop"))
        .notes[0],
    ).toContain("NOT_FOUND");
    expect(await recsys("audit", "verify", "--tenant", "shop")).toMatchObject({
      code: 0,
    });
  });

  test("a file is imported, its bad row reported, its evidence written", async () => {
    const file = join(home, "clicks.csv");
    writeFileSync(
      file,
      "visitor,sku,ts\na,i1,2026-01-01T00:00:00Z\nb,i1,never\nc,i2,1767225600\n",
    );
    const args = [
      "import",
      file,
      "--type",
      "events",
      "--map",
      "visitor=anonymous_id,sku=item_id",
      "--set",
      "type=click",
      "--tenant",
      "shop",
    ];
    const dry = await recsys(...args, "--dry-run", "--json");
    expect(dry.code).toBe(0);
    expect(JSON.parse(dry.lines[0] ?? "")).toMatchObject({
      dryRun: true,
      compared: true,
      tally: { accepted: { event: 2 } },
    });
    const errors = join(home, "bad.jsonl");
    const { code, lines } = await recsys(...args, "--errors", errors);
    expect(code).toBe(0);
    expect(lines.join("\n")).toMatch(
      /events +2[^]*rejected: format 1[^]*ok +every row that was read is accounted for: 3/,
    );
    const again = await recsys(...args, "--dry-run");
    expect(again.lines.join("\n")).toMatch(
      /would load[^]*events +0 +2\n[^]*nothing was written; compared with what is stored/,
    );
    expect(again.lines.join("\n")).not.toContain("expected");
    expect(JSON.parse(readFileSync(errors, "utf8"))).toMatchObject({
      line: 3,
      path: "/ts",
      code: "format",
    });
    const evidence = readFileSync(
      join(home, "imports", "clicks.csv.evidence.json"),
      "utf8",
    );
    expect(JSON.parse(evidence)).toMatchObject({
      ok: true,
      tally: { eventsByIdentity: { anonymous: 2 } },
    });
  });

  test("a section of the configuration is replaced, a bad one refused with its fields", async () => {
    const file = join(home, "schema.json");
    writeFileSync(
      file,
      '{"attributes": {"colour": {"type": "string"}}, "traits": {}, "context": {}}',
    );
    expect(
      await recsys("config", "set", "schema", file, "--tenant", "shop"),
    ).toMatchObject({ code: 0 });
    const { lines } = await recsys(
      "config",
      "show",
      "schema",
      "--tenant",
      "shop",
    );
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      attributes: { colour: { type: "string" } },
    });
    writeFileSync(
      file,
      '{"attributes": {"colour": {"type": "paint"}}, "traits": {}, "context": {}}',
    );
    const bad = await recsys(
      "config",
      "set",
      "schema",
      file,
      "--tenant",
      "shop",
    );
    expect(bad.code).toBe(1);
    expect(bad.notes.join("\n")).toContain("/attributes/colour/type");
  });

  test("the doctor wants attention for a tenant without a manifest", async () => {
    const { code, lines } = await recsys("doctor");
    expect(code).toBe(2);
    expect(lines.join("\n")).toMatch(/migrations +ok[^]*shop: manifest +LOOK/);
  });

  test("secrets do not appear among the settings", async () => {
    const { lines } = await recsys("config", "settings");
    expect(lines.join("\n")).toMatch(/DATABASE_URL +\(secret\) +environment/);
  });

  test("a backup is written and names its rows", async () => {
    const { code, lines } = await recsys("backup", join(home, "backup"));
    expect(code).toBe(0);
    expect(lines[0]).toMatch(/^backup of \d+ rows in \d+ tables/);
  });
});
