import { HOUR_MS } from "@recsys/contracts";
import {
  JOBS,
  listJobStates,
  type JobState,
  type PipelineResult,
} from "@recsys/pipelines";
import { listRuns, type Run } from "@recsys/store";
import { Command } from "commander";
import { moment, names, timeText } from "../arguments.ts";
import {
  withJson,
  withPlace,
  type Cli,
  type JsonOption,
  type PlaceOptions,
} from "../command.ts";
import { EXIT, type ExitCode } from "../io.ts";
import { onPlace } from "../platform.ts";
import { runHere, type RunWishes } from "../run-pipeline.ts";
import { textTable } from "../text-table.ts";
import { scheduleCommand } from "./pipelines-schedule.ts";

type Options = PlaceOptions & JsonOption;

export function pipelinesCommand(cli: Cli): Command {
  return new Command("pipelines")
    .description("Learn from events and publish: run, watch, schedule.")
    .addCommand(run(cli))
    .addCommand(backfill(cli))
    .addCommand(status(cli))
    .addCommand(scheduleCommand(cli));
}

interface RunOptions extends Options {
  readonly jobs?: readonly string[];
  readonly force?: boolean;
  readonly asOf?: number;
}

const JOB_NAMES = JOBS.map((job) => job.name).join(", ");

function run(cli: Cli): Command {
  return withJson(withPlace(new Command("run")))
    .description("Run the pipelines now: ingest, learn, evaluate, publish.")
    .option("--jobs <names>", `only these: ${JOB_NAMES}`, names)
    .option("--force", "learn again even where nothing is new")
    .option("--as-of <time>", "see nothing that happened later", moment)
    .addHelpText(
      "after",
      "\nExits with 2 when the gate held the new manifest; the live one then stays.",
    )
    .action(
      cli.action((options: RunOptions) =>
        runAndReport(cli, options, {
          asOf: options.asOf ?? cli.io.now(),
          trigger: "cli",
          force: options.force === true,
          ...(options.jobs === undefined ? {} : { jobs: options.jobs }),
        }),
      ),
    );
}

interface BackfillOptions extends Options {
  readonly from: number;
  readonly to: number;
}

function backfill(cli: Cli): Command {
  return withJson(withPlace(new Command("backfill")))
    .description(
      "Export days again, both ends included, then run the pipelines.",
    )
    .requiredOption("--from <date>", "first day, such as 2026-01-01", moment)
    .requiredOption("--to <date>", "last day", moment)
    .action(
      cli.action((options: BackfillOptions) =>
        runAndReport(cli, options, {
          asOf: cli.io.now(),
          trigger: "cli",
          backfill: { from: dayOf(options.from), to: dayOf(options.to) },
        }),
      ),
    );
}

async function runAndReport(
  cli: Cli,
  options: Options,
  wishes: RunWishes,
): Promise<ExitCode> {
  return onPlace(cli, options, async (place) => {
    const result = await runHere(cli.io, place, wishes);
    if (options.json === true) cli.io.out(JSON.stringify(result));
    else for (const line of resultLines(result)) cli.io.out(line);
    return result.isHeld ? EXIT.attention : EXIT.ok;
  });
}

function resultLines(result: PipelineResult): string[] {
  const rows = result.jobs.map((job) => [
    job.name,
    job.result,
    `${(job.ms / 1000).toFixed(1)} s`,
    factsText(job.facts),
  ]);
  const live = result.manifest;
  return [
    ...textTable(["job", "result", "time", ""], rows),
    live === null
      ? "no manifest is live"
      : `live: manifest ${live.version}-${live.hash.slice(0, 8)}`,
  ];
}

function factsText(facts: Readonly<Record<string, unknown>>): string {
  return Object.entries(facts)
    .filter(
      ([, value]) => typeof value === "string" || typeof value === "number",
    )
    .map(([name, value]) => `${name} ${shortened(String(value))}`)
    .slice(0, 4)
    .join(", ");
}

function shortened(text: string): string {
  return /^[0-9a-f]{64}$/.test(text) ? text.slice(0, 12) : text.slice(0, 60);
}

function status(cli: Cli): Command {
  return withJson(withPlace(new Command("status")))
    .description(
      "Show the newest runs, and age and objective of each job; exits with 2 when one is stale.",
    )
    .action(
      cli.action((options: Options) =>
        onPlace(cli, options, async ({ platform, tenant, namespace }) => {
          const { store } = platform;
          const { tenantId } = tenant;
          const { rows: runs } = await store.inTenant(tenantId, (tx) =>
            listRuns(tx, namespace, { limit: 5 }),
          );
          const place = { store, tenant: tenantId, namespace };
          const jobs = await listJobStates(place, cli.io.now());
          const facts = { runs, jobs };
          if (options.json === true) cli.io.out(JSON.stringify(facts));
          else for (const line of statusLines(facts)) cli.io.out(line);
          return jobs.some((job) => job.stale) ? EXIT.attention : EXIT.ok;
        }),
      ),
    );
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function statusLines(facts: {
  readonly runs: readonly Run[];
  readonly jobs: readonly JobState[];
}): string[] {
  const runs = facts.runs.map((one) => [
    timeText(one.startedAt),
    one.state,
    one.trigger,
    one.finishedAt === null
      ? null
      : `${((one.finishedAt - one.startedAt) / 1000).toFixed(1)} s`,
    one.error,
  ]);
  const jobs = facts.jobs.map((one) => [
    one.job,
    one.owner,
    `${one.objectiveHours} h`,
    one.ageMs === null ? "never" : `${(one.ageMs / HOUR_MS).toFixed(1)} h`,
    one.stale ? "STALE" : "fresh",
    one.lastError,
  ]);
  return [
    ...textTable(["run started", "state", "by", "took", "error"], runs),
    "",
    ...textTable(["job", "owner", "objective", "age", "", "last error"], jobs),
  ];
}
