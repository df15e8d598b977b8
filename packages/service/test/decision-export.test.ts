import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { get, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import type { ExportedDecision, RecommendResponse } from "@recsys/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { items, recordOf, startHarness, type Harness } from "./harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ environment: { RECSYS_SAMPLE_SHARE: "0" } });
  await harness.call("POST /v1/items", items(20));
});
afterAll(async () => {
  await harness.end();
});

const PARQUET = "application/vnd.apache.parquet";

/** Stands in for the pipelines, which a service does not know: ids, one a line. */
const writeIds = async (
  decisions: AsyncIterable<ExportedDecision>,
  path: string,
): Promise<number> => {
  const lines: string[] = [];
  for await (const { record } of decisions) {
    lines.push(`${record.request.surface} ${record.subject ?? "nobody"}`);
  }
  writeFileSync(path, lines.join("\n"));
  return lines.length;
};

/** Files of exports that this process holds open, where the system tells. */
function openExports(): string[] {
  const folder = "/proc/self/fd";
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((fd) => {
      try {
        return readlinkSync(join(folder, fd));
      } catch {
        return "";
      }
    })
    .filter((path) => path.includes(join(harness.home, "exports")));
}

describe("an export as Parquet", () => {
  it("is what the filters leave, made by what the process was given, and gone from the disk", async () => {
    await harness.restart({ writeParquet: writeIds });
    for (const surface of ["home", "similar", "home"]) {
      await harness.call("POST /v1/recommend", {
        surface,
        user: { user_id: "exported" },
      });
    }
    await harness.service.close();
    await harness.restart({ writeParquet: writeIds });
    const file = await harness.call<string>(
      "GET /v1/audit/decisions?surface=home",
      undefined,
      { headers: { accept: PARQUET, "x-purpose": "a test" } },
    );
    expect(file.status).toBe(200);
    expect(file.headers["content-type"]).toBe(PARQUET);
    expect(file.body).toMatch(/^home [\w-]{22}\nhome [\w-]{22}$/);
    expect(readdirSync(join(harness.home, "exports"))).toEqual([]);
  });

  const ask = (headers = {}) =>
    harness.call<{ code: string }>("GET /v1/audit/decisions", undefined, {
      headers: { accept: PARQUET, "x-purpose": "a test", ...headers },
    });

  it("is one of two at a time; the next is told to come back", async () => {
    const waiting: (() => void)[] = [];
    const slowly: typeof writeIds = async (decisions, path) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return writeIds(decisions, path);
    };
    await harness.restart({ writeParquet: slowly });
    const first = [ask(), ask()];
    await expect.poll(() => waiting.length).toBe(2);
    const third = await ask();
    expect(third).toMatchObject({
      status: 429,
      headers: { "retry-after": "10" },
      body: { code: "TOO_MANY_REQUESTS" },
    });
    for (const go of waiting) go();
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([
      200, 200,
    ]);
  });

  /** Asks over a connection of its own; `leave` ends it, and resolves when the service has noticed. */
  async function askAndLeave(url: string) {
    const connected = once(harness.service.app.server, "connection");
    const request = get(url, {
      headers: {
        "x-org-id": "demo",
        accept: PARQUET,
        "x-purpose": "a test",
      },
      agent: false,
    }).on("error", () => undefined);
    const [socket] = (await connected) as [Socket];
    const leave = async () => {
      const closed = new Promise((resolve) => socket.once("close", resolve));
      request.destroy();
      await closed;
    };
    return { request, leave };
  }
  const listen = async () => {
    const { app } = harness.service;
    const url = await app.listen({ port: 0, host: "127.0.0.1" });
    return `${url}/v1/audit/decisions`;
  };

  it("ends soon after its client has left, closes its file and gives its turn back", async () => {
    const rows: number[] = [];
    let leave = (): Promise<void> => Promise.resolve();
    const untilLeft: typeof writeIds = async (decisions, path) => {
      let count = 0;
      for await (const { record } of decisions) {
        count++;
        writeFileSync(path, record.request_id);
        if (count === 1) await leave();
      }
      return rows.push(count);
    };
    await harness.restart({ writeParquet: untilLeft });
    const url = await listen();
    for (let turn = 1; turn <= 3; turn++) {
      const asked = askAndLeave(url);
      leave = async () => (await asked).leave();
      await expect.poll(() => rows.length).toBe(turn);
    }
    expect(rows).toEqual([1, 1, 1]);
    leave = () => Promise.resolve();
    expect((await ask()).status).toBe(200);
    await expect.poll(openExports).toEqual([]);
  });

  it("gives its turn back when its client leaves half-way through the file", async () => {
    const large: typeof writeIds = (_decisions, path) => {
      writeFileSync(path, Buffer.alloc(64 * 1024 * 1024));
      return Promise.resolve(0);
    };
    await harness.restart({ writeParquet: large });
    const url = await listen();
    for (let turn = 1; turn <= 3; turn++) {
      const { request, leave } = await askAndLeave(url);
      const [answer] = (await once(request, "response")) as [IncomingMessage];
      expect(answer.statusCode).toBe(200);
      await leave();
      await expect.poll(openExports).toEqual([]);
    }
  });

  it("leaves nothing of a process that died", async () => {
    const folder = join(harness.home, "exports");
    const host = hostname().replaceAll("_", "-");
    const dead = `${host}_999999999_1_0_1_0.parquet`;
    mkdirSync(join(folder, `.${dead}-Ab12`), { recursive: true });
    writeFileSync(join(folder, dead), "");
    const away = "elsewhere_1_1_0_1_0.parquet";
    writeFileSync(join(folder, away), "");
    await harness.restart({ writeParquet: writeIds });
    expect(readdirSync(folder)).toEqual([away]);
    rmSync(join(folder, away));
  });

  it("is refused by a process that cannot write it, with the way that can", async () => {
    await harness.restart();
    const refused = await harness.call<{ code: string; detail: string }>(
      "GET /v1/audit/decisions",
      undefined,
      { headers: { accept: PARQUET, "x-purpose": "a test" } },
    );
    expect(refused.body.code).toBe("NOT_READY");
    expect(refused.body.detail).toContain("recsys audit export");
  });
});

describe("the share of decisions with their whole trace", () => {
  const ask = async (namespace: string) => {
    const answer = await harness.call<RecommendResponse>("POST /v1/recommend", {
      surface: "home",
      namespace,
      k: 3,
    });
    const record = await recordOf(harness, answer.body.meta.request_id);
    return record.sample !== undefined;
  };
  const setShare = async (share: object) => {
    const section = "v1/admin/config/decision_log";
    const { headers } = await harness.call(`GET /${section}`);
    const changed = await harness.call(`PUT /${section}`, share, {
      headers: { "if-match": String(headers["etag"]) },
    });
    expect(changed.status).toBe(200);
  };

  it("is the namespace's own, and the process's where it has none", async () => {
    await harness.call("POST /v1/items?namespace=books", items(5));
    expect(await ask("default")).toBe(false);
    await setShare({ sample_share: 1 });
    expect(await ask("default")).toBe(true);
    expect(await ask("books")).toBe(false);
    await setShare({});
    expect(await ask("default")).toBe(false);
  });
});
