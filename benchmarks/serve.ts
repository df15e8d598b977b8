// Requests per second and latency of POST /v1/recommend on a generated shop of
// 100,000 items and 200,000 users, beside the same server answering a constant
// body of the same size. Usage: npm run bench serve [-- --seconds 8]
// With --features: what each feature of the hot path costs, alone, as a ratio
// of processor time to the plain list in the same run.
// The shop is generated and trained once, under .recsys/bench.
import { spawn } from "node:child_process";
import { cpus } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import {
  createLog,
  createService,
  readConfig,
  withSecrets,
  type CompleteConfig,
} from "@recsys/service";
import {
  fsObjects,
  migrate,
  openStore,
  startServer,
  type Store,
} from "@recsys/store";
import type { RuleSet } from "@recsys/contracts";
import { FEATURE_CASES } from "./serve/features.ts";
import { SHOP, userId } from "./serve/generated-shop.ts";
import { prepareShop } from "./serve/prepare-shop.ts";

const LIMIT_RATIO = 0.5;
const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "8" },
    features: { type: "boolean", default: false },
  },
});
const home = resolve(".recsys/bench");

interface Measurement {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly failures: number;
  readonly bytes: number;
}

/** With the processor time of the serving process, its shipping of decisions included, in microseconds per request. */
interface Measured extends Measurement {
  readonly cpuMicros: number;
}

const server = await startServer({ home, log: note });
try {
  await migrate(server.ownerUrl, { log: () => undefined });
  const store = openStore({ appUrl: server.appUrl });
  try {
    await measure(store);
  } finally {
    await store.close();
  }
} finally {
  await server.leave();
}

async function measure(store: Store): Promise<void> {
  const config = await withSecrets(
    readConfig({ RECSYS_HOME: home, PORT: "0", LOG_LEVEL: "warn" }),
  );
  const objectsFor = () => fsObjects(join(home, "objects"));
  const key = await prepareShop({ store, config, objectsFor, note });
  const deps = {
    store,
    objectsFor,
    config,
    log: createLog(config),
    version: "bench",
  };
  const body = await oneAnswer(deps, key);
  const service = createService({ ...deps, benchBody: body });
  const { url } = await service.start();
  try {
    note(`warming up; answers have ${body.length} bytes`);
    const cold = await load({
      url: `${url}/v1/recommend`,
      key,
      connections: 16,
      seconds: "once",
    });
    note(
      `each visit once, 16 at a time, users read from the database when they first come: p50 ${cold.p50.toFixed(2)} ms, p99 ${cold.p99.toFixed(2)} ms`,
    );
    if (values.features) {
      await measureFeatures(url, key);
      return;
    }
    await load({
      url: `${url}/v1/_constant`,
      key,
      connections: 16,
      seconds: "5",
    });
    const rows = [];
    for (const connections of [1, 16, 64]) {
      const about = { key, connections, seconds: values.seconds };
      const constant = await load({ ...about, url: `${url}/v1/_constant` });
      const recommend = await load({ ...about, url: `${url}/v1/recommend` });
      rows.push({ connections, constant, recommend });
    }
    report(rows, config);
  } finally {
    await service.close();
  }
}

async function oneAnswer(
  deps: Parameters<typeof createService>[0],
  key: string,
): Promise<string> {
  const service = createService(deps);
  await service.open();
  const answer = await service.app.inject({
    method: "POST",
    url: "/v1/recommend",
    headers: { "x-api-key": key },
    payload: { surface: "home", k: 20, user: { user_id: userId(1) } },
  });
  await service.close();
  if (answer.statusCode !== 200) throw new Error(answer.body);
  return answer.body;
}

/** Load comes from a process of its own, so that it does not share the thread that is measured. */
async function load(about: {
  readonly url: string;
  readonly key: string;
  readonly connections: number;
  readonly seconds: string;
  /** Laid over each body. */
  readonly body?: object;
}): Promise<Measured> {
  const before = process.cpuUsage();
  const child = spawn(
    process.execPath,
    [
      join(import.meta.dirname, "serve/load.ts"),
      about.url,
      about.key,
      String(about.connections),
      about.seconds,
      JSON.stringify(about.body ?? {}),
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  await new Promise((done) => child.once("exit", done));
  const measurement = JSON.parse(text) as Measurement;
  const { user, system } = process.cpuUsage(before);
  const cpuMicros = (user + system) / Math.max(1, measurement.requests);
  return { ...measurement, cpuMicros };
}

/** Plain, with the feature, plain again: the ratio is to the mean of the two plain ones around it. */
async function measureFeatures(url: string, key: string): Promise<void> {
  const about = {
    url: `${url}/v1/recommend`,
    key,
    connections: 16,
    seconds: values.seconds,
  };
  const rows = [];
  let before = await load(about);
  for (const { name, body, rules } of FEATURE_CASES) {
    await writeRules(url, key, rules ?? { rules: [] });
    const having = await load({ ...about, body });
    await writeRules(url, key, { rules: [] });
    const after = await load(about);
    const plain = (before.cpuMicros + after.cpuMicros) / 2;
    rows.push({
      feature: name,
      "plain CPU µs": Math.round(plain),
      "CPU µs": Math.round(having.cpuMicros),
      ratio: Number((having.cpuMicros / plain).toFixed(2)),
      "p50 ms": Number(having.p50.toFixed(2)),
      "p99 ms": Number(having.p99.toFixed(2)),
      failures: having.failures + after.failures,
    });
    before = after;
  }
  console.table(rows);
  console.log(
    `${about.connections} connections, ${about.seconds} s each; ${SHOP.items} items, ${SHOP.users} users, k 20; ` +
      `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, Node ${process.versions.node}, seed ${SHOP.seed}`,
  );
}

async function writeRules(
  url: string,
  key: string,
  rules: RuleSet,
): Promise<void> {
  const answer = await fetch(`${url}/v1/admin/rules?reason=bench`, {
    method: "PUT",
    headers: {
      "content-type": "application/json",
      "x-api-key": key,
      "if-match": "*",
    },
    body: JSON.stringify(rules),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

function report(
  rows: readonly {
    readonly connections: number;
    readonly constant: Measured;
    readonly recommend: Measured;
  }[],
  config: CompleteConfig,
): void {
  const shown = rows.map(({ connections, constant, recommend }) => {
    const ratio = recommend.requestsPerSecond / constant.requestsPerSecond;
    return {
      connections,
      "constant req/s": Math.round(constant.requestsPerSecond),
      "recommend req/s": Math.round(recommend.requestsPerSecond),
      ratio: Number(ratio.toFixed(2)),
      "constant CPU µs": Math.round(constant.cpuMicros),
      "recommend CPU µs": Math.round(recommend.cpuMicros),
      "p50 ms": Number(recommend.p50.toFixed(2)),
      "p95 ms": Number(recommend.p95.toFixed(2)),
      "p99 ms": Number(recommend.p99.toFixed(2)),
      failures: recommend.failures + constant.failures,
      verdict: ratio >= LIMIT_RATIO ? "meets the aim" : "below the aim",
    };
  });
  console.table(shown);
  console.log(
    `aim: ratio ≥ ${LIMIT_RATIO}; ${SHOP.items} items, ${SHOP.users} users, k 20, sampled share ${config.sampleShare}; ` +
      `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, Node ${process.versions.node}, seed ${SHOP.seed}`,
  );
}

function note(line: string): void {
  process.stderr.write(`${line}\n`);
}
