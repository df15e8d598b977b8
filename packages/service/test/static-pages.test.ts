import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startHarness, type Harness } from "./harness.ts";

let harness: Harness;
let folder: string;
let port: number;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "recsys-static-"));
  writeFileSync(join(folder, "secret.txt"), "outside");
  const staticDir = join(folder, "pages");
  mkdirSync(join(staticDir, "assets"), { recursive: true });
  writeFileSync(join(staticDir, "index.html"), "<p>page</p>");
  harness = await startHarness({ deps: { staticDir } });
  await harness.service.app.listen({ host: "127.0.0.1", port: 0 });
  ({ port } = harness.service.app.server.address() as AddressInfo);
});
afterAll(async () => {
  await harness.end();
  rmSync(folder, { recursive: true, force: true });
});

interface Seen {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Sends the address as it is: a client that tidies it up would hide what is tested. */
function get(path: string, method = "GET"): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path, method };
    const sent = request(options, (answer) => {
      answer.setEncoding("utf8");
      let body = "";
      answer.on("data", (piece: string) => (body += piece));
      answer.on("end", () => {
        const type = answer.headers["content-type"] ?? "";
        resolve({ status: answer.statusCode ?? 0, type, body });
      });
    });
    sent.on("error", reject);
    sent.end();
  });
}

describe("files of the page", () => {
  it("are served with and without their name", async () => {
    for (const path of ["/", "/index.html", "/?x=%00", "/?x=%"]) {
      expect(await get(path)).toMatchObject({
        status: 200,
        body: "<p>page</p>",
      });
    }
  });

  it.each([
    ["/%00"],
    ["/index.html%00"],
    ["/assets/%00/x"],
    ["/..%2f"],
    ["/..%2fsecret.txt"],
    ["/../secret.txt"],
    ["/..%5csecret.txt"],
    ["/%2e%2e/%2e%2e/etc/passwd"],
    ["/assets"],
    ["/assets/"],
    ["/nothing"],
    ["//"],
    ["/docs/static/..%2f"],
    ["/docs/static/%00"],
    [`/${"a".repeat(5000)}`],
    ["/%"],
    ["/%zz"],
    ["/%E0%A4%A"],
    ["/%ff"],
    ["/v1/uploads/%"],
    ["/v1/uploads/%ff"],
    [`/v1/uploads/${"a".repeat(500)}`],
  ])("are not found elsewhere: %j", async (path) => {
    const answer = await get(path);
    expect({ ...answer, body: answer.body.slice(0, 300) }).toMatchObject({
      status: 404,
      type: "application/problem+json; charset=utf-8",
    });
    const problem = JSON.parse(answer.body) as Record<string, unknown>;
    expect(problem["request_id"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.body).not.toContain(folder);
    expect(harness.logLines).toEqual([]);
  });

  it("are read only", async () => {
    const answer = await get("/index.html", "POST");
    expect(answer).toMatchObject({ status: 404 });
    expect(answer.type).toContain("problem+json");
  });
});
