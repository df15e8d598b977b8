import { afterEach, describe, expect, test } from "vitest";
import {
  busy,
  clientOf,
  failureOf,
  serve,
  slate,
  stopServers,
} from "../test/loopback-server.ts";
import { createClient } from "./client.ts";

afterEach(stopServers);

describe("what may work next time", () => {
  test("is tried again after the seconds of Retry-After", async () => {
    const { url, received } = await serve(busy, busy, { body: slate });
    const { client, waits } = clientOf({ url });
    await client.recommend({ surface: "home" });
    expect(received).toHaveLength(3);
    expect(waits).toEqual([3_000, 3_000]);
  });

  test("is tried again after the date of Retry-After", async () => {
    const at = new Date(1_000_000 + 4_000).toUTCString();
    const limited = { status: 429, headers: { "Retry-After": at } };
    const { url } = await serve(limited, { body: slate });
    const { client, waits } = clientOf({ url });
    await client.recommend({ surface: "home" });
    expect(waits).toEqual([4_000]);
  });

  test("waits longer each time where nothing is said: half of 100, 200, 400 ms", async () => {
    const { url } = await serve({ instead: "cut" });
    const { client, waits } = clientOf({ url, retries: 3 });
    const error = await failureOf(client.recommend({ surface: "home" }));
    expect(error.kind).toBe("network");
    expect(waits).toEqual([50, 100, 200]);
  });

  test("is given up after the stated number of retries", async () => {
    const { url, received } = await serve(busy);
    const { client } = clientOf({ url });
    const error = await failureOf(client.recommend({ surface: "home" }));
    expect(error).toMatchObject({ code: "NOT_READY", retryAfterMs: 3_000 });
    expect(received).toHaveLength(3);
  });

  test("is given up at once when the wait would pass the deadline", async () => {
    const later = { ...busy, headers: { "Retry-After": "60" } };
    const { url, received } = await serve(later);
    const { client, waits } = clientOf({ url });
    await failureOf(client.recommend({ surface: "home" }));
    expect(received).toHaveLength(1);
    expect(waits).toEqual([]);
  });

  test("can be told not to be retried, call by call", async () => {
    const { url, received } = await serve(busy);
    const { client } = clientOf({ url });
    await failureOf(client.recommend({ surface: "home" }, { retries: 0 }));
    expect(received).toHaveLength(1);
  });
});

describe("time", () => {
  test.each(["hang", "stall"] as const)(
    "ends an attempt on a server that would %s",
    async (instead) => {
      const { url, received } = await serve({ instead }, { body: slate });
      const { client } = clientOf({ url, timeoutMs: 100 });
      expect(await client.recommend({ surface: "home" })).toEqual(slate);
      expect(received).toHaveLength(2);
    },
  );

  test("ends a call for good when every attempt takes too long", async () => {
    const { url } = await serve({ instead: "hang" });
    const { client } = clientOf({ url, retries: 1 });
    const options = { timeoutMs: 50 };
    expect(
      await failureOf(client.recommend({ surface: "home" }, options)),
    ).toMatchObject({ kind: "timeout", code: "TIMEOUT", status: null });
  });

  test("does not go on after the caller aborts, not even out of a wait", async () => {
    const { url, received } = await serve(busy);
    const caller = new AbortController();
    // The real wait of 3 s is cut short by the abort.
    const client = createClient({ url });
    const call = client.recommend(
      { surface: "home" },
      { signal: caller.signal, fallback: ["a"] },
    );
    await expect.poll(() => received.length).toBe(1);
    caller.abort();
    expect((await failureOf(call)).kind).toBe("aborted");
    expect(received).toHaveLength(1);
  });
});
