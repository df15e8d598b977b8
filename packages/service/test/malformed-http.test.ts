import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startHarness, type Harness } from "./harness.ts";

let harness: Harness;
let port: number;
beforeAll(async () => {
  harness = await startHarness({ environment: { LOG_LEVEL: "debug" } });
  const { app } = harness.service;
  port = Number(new URL(await app.listen({ port: 0 })).port);
});
afterAll(async () => {
  await harness.end();
});

/** Everything that the service answers to these bytes, until it closes the connection. */
function send(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    socket.on("data", (bytes) => (answer += String(bytes)));
    socket.on("close", () => {
      resolve(answer);
    });
    socket.on("error", reject);
  });
}

const ASK = "POST /v1/recommend HTTP/1.1\r\nX-Org-Id: demo\r\n";
const JSON_TYPE = "Content-Type: application/json\r\n";
const END = "Connection: close\r\n\r\n";

describe("what is no HTTP", () => {
  it.each([
    ["an unknown method", `NOPE / HTTP/1.1\r\nHost: localhost\r\n${END}`, 400],
    [
      "a bad Content-Length",
      `${ASK}Host: localhost\r\nContent-Length: ten\r\n${END}`,
      400,
    ],
    [
      "a bad chunk",
      `${ASK}Host: localhost\r\n${JSON_TYPE}Transfer-Encoding: chunked\r\n${END}zz\r\n`,
      400,
    ],
    [
      "a control character",
      `${ASK}Host: localhost\r\nX-Bad: a\u0001b\r\n${END}`,
      400,
    ],
    [
      "headers over 16 KB",
      `${ASK}Host: localhost\r\nX-Long: ${"x".repeat(17_000)}\r\n${END}`,
      431,
    ],
    ["a missing Host", `GET /healthz HTTP/1.1\r\n${END}`, 400],
    [
      "an unknown Expect",
      `GET /healthz HTTP/1.1\r\nHost: localhost\r\nExpect: magic\r\n${END}`,
      417,
    ],
  ])("%s is answered with a problem", async (...given) => {
    const [, request, status] = given;
    const answer = await send(request);
    const [head = "", body = ""] = answer.split("\r\n\r\n");
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toMatch(/content-type: application\/problem\+json/i);
    expect(JSON.parse(body)).toMatchObject({
      type: "urn:recsys:error:MALFORMED_HTTP",
      status,
      code: "MALFORMED_HTTP",
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
  });

  it("of an old client needs no Host", async () => {
    expect(await send("GET /healthz HTTP/1.0\r\n\r\n")).toContain(" 200 ");
  });

  it("a caller who hangs up is no failure of the service", async () => {
    harness.logLines.length = 0;
    const socket = connect(port, "127.0.0.1");
    socket.write(
      `${ASK}Host: localhost\r\n${JSON_TYPE}Content-Length: 100\r\n\r\n{`,
      () => setImmediate(() => socket.resetAndDestroy()),
    );
    await expect
      .poll(() => harness.logLines.join(""))
      .toContain('"route":"/v1/recommend"');
    const [line = ""] = harness.logLines.filter((one) =>
      one.includes("/v1/recommend"),
    );
    expect(JSON.parse(line)).toMatchObject({
      level: "debug",
      code: "MALFORMED_HTTP",
    });
  });
});
