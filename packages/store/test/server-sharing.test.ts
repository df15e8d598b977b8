import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ServerHome, query, signal, until } from "./support/server-home.ts";
import { isRunning } from "../../../tests/support/home-processes.ts";

// Each case makes and recovers databases; a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let home: ServerHome;

beforeEach(() => {
  home = new ServerHome();
});
afterEach(() => home.remove());

describe("the embedded server", () => {
  it("is one server for processes that start at the same time, and stops with the last", async () => {
    const [a, b, c] = await Promise.all([
      home.join(),
      home.join(),
      home.join(),
    ]);
    expect(new Set([a.port, b.port, c.port]).size).toBe(1);
    const { supervisorPid, postgresPid } = home.state();
    await a.leave();
    await b.leave();
    expect(await query(c.appUrl, "select 1 as one")).toEqual([{ one: 1 }]);
    await c.leave();
    expect(isRunning(postgresPid)).toBe(false);
    await until(() => !isRunning(supervisorPid));
  });

  it("stops soon after its only process was killed", async () => {
    const a = await home.join();
    const { supervisorPid, postgresPid } = home.state();
    await a.kill();
    await until(() => !isRunning(postgresPid) && !isRunning(supervisorPid));
  });

  it("keeps its rows and its port from one start to the next", async () => {
    const a = await home.join();
    await query(a.ownerUrl, "create table kept as select 7 as n");
    await a.leave();
    const b = await home.join();
    expect(b.port).toBe(a.port);
    expect(await query(b.ownerUrl, "select n from kept")).toEqual([{ n: 7 }]);
    await b.leave();
  });

  it("survives a supervisor that is killed: another adopts the running database", async () => {
    const a = await home.join();
    const before = home.state();
    signal(before.supervisorPid, "SIGKILL");
    await until(() => home.state().supervisorPid !== before.supervisorPid);
    expect(home.state().postgresPid).toBe(before.postgresPid);
    expect(await query(a.appUrl, "select 1 as one")).toEqual([{ one: 1 }]);
    await a.leave();
    await until(() => !isRunning(before.postgresPid));
  });

  it("is adopted by the next process when supervisor and product were killed", async () => {
    const a = await home.join();
    const before = home.state();
    signal(before.supervisorPid, "SIGKILL");
    await a.kill();
    await until(() => !isRunning(before.supervisorPid));
    const b = await home.join();
    expect(home.state().postgresPid).toBe(before.postgresPid);
    await b.leave();
    await until(() => !isRunning(before.postgresPid));
  });

  it("is started again on the same port when the database is killed", async () => {
    const a = await home.join();
    await query(a.ownerUrl, "create table kept as select 7 as n");
    const before = home.state();
    signal(before.postgresPid, "SIGKILL");
    await until(() => home.state().postgresPid !== before.postgresPid);
    expect(home.state().port).toBe(before.port);
    expect(await query(a.ownerUrl, "select n from kept")).toEqual([{ n: 7 }]);
    await a.leave();
  });

  it("loses no committed row when every process is killed", async () => {
    const a = await home.join();
    await query(a.ownerUrl, "create table kept as select 7 as n");
    const { supervisorPid, postgresPid } = home.state();
    for (const pid of [supervisorPid, postgresPid]) signal(pid, "SIGKILL");
    await a.kill();
    const b = await home.join();
    expect(await query(b.ownerUrl, "select n from kept")).toEqual([{ n: 7 }]);
    await b.leave();
  });
});
