import { afterEach, describe, expect, it } from "vitest";
import { startHarness, type Harness } from "./harness.ts";

let harness: Harness;
afterEach(() => harness.end());

const TOKEN = "a-token-of-some-length";
const metrics = async (headers: Record<string, string> = {}) =>
  (await harness.call("GET /metrics", undefined, { headers })).status;

describe("metrics, which name every tenant,", () => {
  it("are open on the machine itself, by its own names", async () => {
    harness = await startHarness();
    expect(await metrics()).toBe(200);
    expect(await metrics({ host: "127.0.0.1:8000" })).toBe(200);
    // A proxy passes the name on that the world knows, a rebound name of a page likewise.
    expect(await metrics({ host: "shop.example" })).toBe(401);
  });

  it("are closed where others may knock, until there is a token", async () => {
    harness = await startHarness({ environment: { HOST: "0.0.0.0" } });
    expect(await metrics()).toBe(401);
    expect(await metrics({ authorization: "Bearer null" })).toBe(401);
    await harness.end();
    harness = await startHarness({
      environment: { HOST: "0.0.0.0", METRICS_TOKEN: TOKEN },
    });
    expect(await metrics()).toBe(401);
    expect(await metrics({ authorization: `Bearer ${TOKEN}x` })).toBe(401);
    expect(await metrics({ authorization: `Bearer ${TOKEN}` })).toBe(200);
  });
});
