import { createServer } from "node:net";
import { Command } from "commander";
import type { Cli } from "../command.ts";
import { composeService } from "../compose.ts";
import { readCliConfig } from "../config.ts";
import { prepareDemo, type Demo } from "../demo.ts";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { onPlatform } from "../platform.ts";
import { untilStopped } from "../until-stopped.ts";
import { startWorker } from "../worker.ts";

export function upCommand(cli: Cli): Command {
  return new Command("up")
    .description(
      "Start everything in one process: database, service, worker. Ctrl-C stops it all.",
    )
    .option(
      "--demo",
      "with the tenant demo on real purchase data, imported and trained on the first start",
    )
    .addHelpText(
      "after",
      "\nSettings: PORT (8000), RECSYS_HOME (.recsys), DATABASE_URL (unset: an embedded server). recsys config settings lists all.",
    )
    .action(
      cli.action((options: { readonly demo?: boolean }) =>
        up(cli, options.demo === true),
      ),
    );
}

async function up(cli: Cli, isDemo: boolean): Promise<ExitCode> {
  const io = isDemo ? withWholeSample(cli.io) : cli.io;
  const { service: config } = readCliConfig(io.environment);
  // Found out now, not after a minute of training.
  await requireFreePort(config.host, config.port);
  return onPlatform({ ...cli, io }, async (platform) => {
    const demo = isDemo ? await prepareDemo(platform, io) : null;
    if (io.signal.aborted) return EXIT.interrupted;
    const service = composeService(platform, io);
    try {
      const { url } = await service.start();
      const worker = startWorker(platform, io);
      for (const line of demo === null
        ? [`ready: ${url}`]
        : nextSteps(url, demo, io.now()))
        io.out(line);
      await untilStopped(io);
      io.note("stopping …");
      await worker.stop();
    } finally {
      await service.close();
    }
    return EXIT.ok;
  });
}

/** The demonstration keeps removed candidates and features of every decision, so that each can be explained. */
function withWholeSample(io: Io): Io {
  return {
    ...io,
    environment: { RECSYS_SAMPLE_SHARE: "1", ...io.environment },
  };
}

/** Rejects with EADDRINUSE when somebody listens there. */
function requireFreePort(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, host, () => {
      server.close(() => {
        resolve();
      });
    });
  });
}

function nextSteps(url: string, { place }: Demo, now: number): string[] {
  const weeks = place.tenant.timeOffsetDays / 7;
  // Somebody without a history, at every start: only then the purchase changes the whole list.
  const visitor = `visitor-${Math.floor(now / 1000).toString(36)}`;
  const call = (path: string, body: string) =>
    `  curl -s ${url}${path} -H 'X-Org-Id: demo' -H 'Content-Type: application/json' \\\n    -d '${body}'`;
  return [
    "",
    `RecSys Suite is ready: ${url}  (API reference: ${url}/docs)`,
    `Data: Online Retail (Chen, D. 2015, UCI, CC BY 4.0); its times are moved forward by ${weeks} weeks.`,
    "",
    "A list with reasons, for somebody new:",
    call(
      "/v1/recommend",
      `{"surface": "home", "k": 5, "user": {"user_id": "${visitor}"}}`,
    ),
    "Tell what the customer did, then ask for the list again: it is another one.",
    call(
      "/v1/events",
      `[{"user_id": "${visitor}", "type": "purchase", "item_id": "22423"}]`,
    ),
    "What goes with an item:",
    call("/v1/similar", '{"item_id": "22423", "k": 5}'),
    "The same list again, from its record:",
    "  npm run -s recsys -- replay <request_id of an answer>",
    "",
    "Ctrl-C stops everything, the database too; the next start goes on from here.",
  ];
}
