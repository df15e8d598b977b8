import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { needs } from "../../../tests/support/needs.ts";
import { ServerHome, query, until } from "./support/server-home.ts";

// Each case makes and recovers databases; a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let home: ServerHome;

beforeEach(() => {
  home = new ServerHome();
});
afterEach(() => home.remove());

/** A process id that nobody has: that of a process which has just ended. */
function deadPid(): number {
  return spawnSync("true").pid;
}

/** Starts once, makes a row, and stops in good order. */
async function usedHome(): Promise<void> {
  const a = await home.join();
  await query(a.ownerUrl, "create table kept as select 7 as n");
  await a.leave();
}

async function keptRows(): Promise<unknown[]> {
  const b = await home.join();
  const rows = await query(b.ownerUrl, "select n from kept");
  await b.leave();
  return rows;
}

describe("a start", () => {
  it("takes over the lock of a process that is gone", async () => {
    writeFileSync(
      join(home.path, "server.lock"),
      JSON.stringify({ pid: deadPid(), started: "1" }),
    );
    const a = await home.join();
    await a.leave();
  });

  it("takes over a lock whose process id now belongs to somebody else", async () => {
    writeFileSync(
      join(home.path, "server.lock"),
      JSON.stringify({ pid: process.pid, started: "1" }),
    );
    const a = await home.join();
    await a.leave();
  });

  it("takes over a lock file that is empty", async () => {
    writeFileSync(join(home.path, "server.lock"), "");
    const a = await home.join();
    await a.leave();
  });

  it("removes a postmaster.pid that names no database", async () => {
    await usedHome();
    writeFileSync(
      join(home.state().directory, "postmaster.pid"),
      `${process.pid}\n${home.state().directory}\n1\n5432\n\n127.0.0.1\n\nready\n`,
    );
    expect(await keptRows()).toEqual([{ n: 7 }]);
  });

  it("chooses another port when its own is taken", async () => {
    await usedHome();
    const { port } = home.state();
    const squatter = createServer();
    await new Promise<void>((resolve) => {
      squatter.listen(port, "127.0.0.1", resolve);
    });
    const b = await home.join();
    expect(b.port).not.toBe(port);
    expect(await query(b.ownerUrl, "select n from kept")).toEqual([{ n: 7 }]);
    await b.leave();
    squatter.close();
  });

  it("sets a new password when the record of the old one is lost", async () => {
    await usedHome();
    rmSync(join(home.path, "server.json"));
    expect(await keptRows()).toEqual([{ n: 7 }]);
  });

  it("moves a half-initialised directory aside and begins anew", async () => {
    mkdirSync(join(home.path, "pg", "base"), { recursive: true });
    writeFileSync(join(home.path, "pg", "PG_VERSION"), "18\n");
    const a = await home.join();
    expect(a.notes.join()).toContain("half initialised");
    expect(readdirSync(home.path)).toContain("pg.incomplete-1");
    expect(await query(a.appUrl, "select 1 as one")).toEqual([{ one: 1 }]);
    await a.leave();
  });

  it("removes what an interrupted initialisation left", async () => {
    mkdirSync(join(home.path, "pg.draft-1", "base"), { recursive: true });
    const a = await home.join();
    expect(existsSync(join(home.path, "pg.draft-1"))).toBe(false);
    await a.leave();
  });

  it("names the directory when its files are damaged, and touches nothing", async () => {
    await usedHome();
    const { directory } = home.state();
    rmSync(join(directory, "global", "pg_control"));
    await expect(home.join()).rejects.toMatchObject({
      code: "DAMAGED",
      message: expect.stringContaining("restore a backup") as string,
    });
    expect(existsSync(join(directory, "PG_VERSION"))).toBe(true);
  });

  it("refuses the files of another Postgres version in one sentence", async () => {
    await usedHome();
    writeFileSync(join(home.state().directory, "PG_VERSION"), "14\n");
    await expect(home.join()).rejects.toMatchObject({
      code: "WRONG_VERSION",
      message: expect.stringContaining("Postgres 14") as string,
    });
  });

  it("says that the disk is full when no large file can be written", async () => {
    await expect(home.join(4_000)).rejects.toMatchObject({
      code: "DISK_FULL",
      message: expect.stringContaining("free some space") as string,
    });
    const a = await home.join();
    await a.leave();
  });

  it("works below a path that is too long for a socket", async () => {
    const deep = join(home.path, "x".repeat(100));
    mkdirSync(deep, { mode: 0o711 });
    const long = new ServerHome(deep);
    const a = await long.join();
    await a.leave();
    await long.remove();
  });

  it("says in one sentence that the home is not a directory", async () => {
    const file = join(home.path, "file");
    writeFileSync(file, "");
    await expect(new ServerHome(file).join()).rejects.toMatchObject({
      message: expect.stringContaining("file") as string,
    });
  });
});

describe("a start as root", () => {
  needs("root").test(
    "says that the disk is full on a disk of 8 MB, and leaves it clean",
    async () => {
      const disk = mkdtempSync(join(tmpdir(), "recsys-disk-"));
      const mounted = spawnSync("mount", [
        "-t",
        "tmpfs",
        "-o",
        "size=8m,mode=0711",
        "tmpfs",
        disk,
      ]);
      expect(mounted.stderr.toString()).toBe("");
      try {
        await expect(new ServerHome(disk).join()).rejects.toMatchObject({
          code: "DISK_FULL",
        });
        await until(() => readdirSync(disk).join() === "server.log");
      } finally {
        spawnSync("umount", [disk]);
        rmSync(disk, { recursive: true });
      }
    },
    120_000,
  );

  needs("root").test(
    "moves the database to a place that its user can reach, and says where",
    async () => {
      const locked = mkdtempSync(join(tmpdir(), "recsys-locked-"));
      const inner = join(locked, "home");
      mkdirSync(inner, { mode: 0o711 });
      const hidden = new ServerHome(inner);
      try {
        const a = await hidden.join();
        const { directory } = hidden.state();
        expect(directory).toMatch(/^\/var\/lib\/recsys\/[0-9a-f]{16}\/pg$/);
        expect(a.notes.join()).toContain(directory);
        await a.leave();
        await hidden.remove();
        expect(existsSync(dirname(directory))).toBe(false);
      } finally {
        await hidden.remove();
        rmSync(locked, { recursive: true });
      }
    },
    120_000,
  );
});
