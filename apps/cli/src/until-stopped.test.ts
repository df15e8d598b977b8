import { expect, test } from "vitest";
import { silentIo } from "./silent-io.ts";
import { orStopped, untilStopped } from "./until-stopped.ts";

test("work that ends gives its result, work that is stopped rejects at once", async () => {
  const stopping = new AbortController();
  const io = { ...silentIo({}), signal: stopping.signal };
  expect(await orStopped(io, Promise.resolve(7))).toBe(7);
  const endless = orStopped(io, new Promise(() => undefined));
  stopping.abort(new Error("stopped by SIGINT"));
  await expect(endless).rejects.toThrow("stopped by SIGINT");
  await expect(orStopped(io, Promise.resolve(7))).rejects.toThrow("SIGINT");
  await untilStopped(io);
});
