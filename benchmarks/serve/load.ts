// A process of its own: sends POST requests as fast as the connections allow
// and prints what it measured as one line of JSON.
// Usage: load.ts <url> <key> <connections> <seconds> <users>
import autocannon from "autocannon";
import { seededRandom } from "@recsys/contracts";
import { userId } from "./generated-shop.ts";

const [url = "", key = "", connections = "1", seconds = "5", users = "1"] =
  process.argv.slice(2);
const random = seededRandom(7);
const bodies = Array.from({ length: 5000 }, () =>
  JSON.stringify({
    surface: "home",
    k: 20,
    user: { user_id: userId(Math.floor(random() * Number(users))) },
  }),
);

const latencies: number[] = [];
const done = await new Promise<autocannon.Result>((resolve, reject) => {
  const running = autocannon(
    {
      url,
      connections: Number(connections),
      duration: Number(seconds),
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": key },
      requests: bodies.map((body) => ({ body })),
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
