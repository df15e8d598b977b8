// A process of its own: sends POST requests as fast as the connections allow
// and prints what it measured as one line of JSON.
// Usage: load.ts <url> <key> <connections> <seconds, or "once" for each visit once> [JSON laid over each body]
import autocannon from "autocannon";
import { visits } from "./visits.ts";

const [url = "", key = "", connections = "1", seconds = "5", over = "{}"] =
  process.argv.slice(2);
const more = JSON.parse(over) as object;
const bodies = visits().map((body) =>
  over === "{}"
    ? body
    : JSON.stringify({ ...(JSON.parse(body) as object), ...more }),
);
let sent = 0;

const latencies: number[] = [];
const done = await new Promise<autocannon.Result>((resolve, reject) => {
  const running = autocannon(
    {
      url,
      connections: Number(connections),
      ...(seconds === "once"
        ? { amount: bodies.length }
        : { duration: Number(seconds) }),
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": key },
      requests: [
        {
          // One sequence for all connections: left alone, each would start with the same users.
          setupRequest: (request) => ({
            ...request,
            body: bodies[sent++ % bodies.length] ?? "",
          }),
        },
      ],
    },
    (error: Error | null, result) => {
      if (error === null) resolve(result);
      else reject(error);
    },
  );
  running.on("response", (...response) => {
    latencies.push(response[3]);
  });
});
latencies.sort((a, b) => a - b);
const at = (q: number) =>
  latencies[Math.floor(q * (latencies.length - 1))] ?? 0;
process.stdout.write(
  JSON.stringify({
    requests: latencies.length,
    requestsPerSecond: latencies.length / done.duration,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    failures: done.non2xx + done.errors + done.timeouts,
    bytes: done.throughput.total / Math.max(1, done.requests.total),
  }),
);
