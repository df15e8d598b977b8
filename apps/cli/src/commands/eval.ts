import { messageOf } from "@recsys/contracts";
import { parseMetrics } from "@recsys/evaluation";
import { DEFAULT_PARAMETERS } from "@recsys/pipelines";
import { SOURCES } from "@recsys/ranking";
import { Command, InvalidArgumentError, Option } from "commander";
import { moment, names, number, pairs, positiveInteger } from "../arguments.ts";
import { withJson, type Cli } from "../command.ts";
import { EXIT, type ExitCode } from "../io.ts";
import { evaluateFiles, type EvaluationWishes } from "../offline-evaluation.ts";
import { recomputeVectors, shippedVectors } from "../selftest.ts";
import { summaryLines, writeReports } from "../write-reports.ts";

export function evalCommand(cli: Cli): Command {
  return new Command("eval")
    .description("Measure lists against what people then did.")
    .addCommand(offline(cli))
    .addCommand(selftest(cli));
}

interface Options extends EvaluationWishes {
  readonly out?: string;
  readonly json?: boolean;
}

const SOURCE_NAMES = SOURCES.map((source) => source.name);

const { metrics, seed, resamples } = DEFAULT_PARAMETERS.evaluation;

function offline(cli: Cli): Command {
  const command = new Command("offline")
    .description(
      "Learn from the past of files, rank their future through the served pipeline, and judge the lists.",
    )
    .argument("[paths...]", "files or the folder of a known set, for --split");
  return withJson(withJudgement(withFiles(command)))
    .option("--title <text>", "title of the report")
    .option(
      "--out <folder>",
      "write report.json, report.md and report.html there",
    )
    .addHelpText("after", HELP)
    .action(
      cli.action((paths: string[], options: Options) =>
        run(cli, paths, options),
      ),
    );
}

/** Whether this installation computes what independent calculators do. */
function selftest(cli: Cli): Command {
  return withJson(
    new Command("selftest").description(
      "Recompute every check value, and say where this installation differs.",
    ),
  )
    .option("--vectors <folder>", "other check values of the same form")
    .addHelpText(
      "after",
      "\nExit codes: 0 all as expected; 1 error; 3 something differs.",
    )
    .action(
      cli.action(
        (options: { readonly vectors?: string; readonly json?: boolean }) =>
          Promise.resolve(
            recomputeVectors(cli.io, {
              folder: options.vectors ?? shippedVectors(),
              json: options.json ?? false,
            }),
          ),
      ),
    );
}

/** What is learned from, and what judges. */
function withFiles(command: Command): Command {
  return command
    .option(
      "--adapter <name>",
      "what the files are, as for recsys import",
      "online-retail",
    )
    .option(
      "--split <time>",
      "rows before it train, rows from it on test",
      moment,
    )
    .option(
      "--train <file>",
      "training rows: CSV with a header, or lines of `user item item …` (.txt)",
    )
    .option("--test <file>", "test rows, in the same form")
    .option(
      "--map <pairs>",
      "names of the columns: user=…,item=…,rating=…,timestamp=…",
      pairs,
    )
    .option(
      "--items <folder>",
      "catalogue of a known set (with --adapter), for texts and tags",
    )
    .option(
      "--relevant-from <number>",
      "only test rows with at least this rating count",
      number,
    )
    .option("--repeats", "also count items that the user had before");
}

/** What is measured, against what, how exactly. */
function withJudgement(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--source <name>",
        "measure one candidate source alone instead of the blend",
      ).choices(SOURCE_NAMES),
    )
    .addOption(
      new Option("--baseline <name>", "compare with this source alone").choices(
        SOURCE_NAMES,
      ),
    )
    .option(
      "--gate <file>",
      "thresholds as JSON; default takes those of the pipelines",
    )
    .option("--surface <name>", "surface whose knobs are used", "home")
    .option("--k <number>", "length of the lists", positiveInteger, 20)
    .option("--metrics <names>", `unset: ${metrics.join(",")}`, metricNames)
    .option(
      "--max-users <number>",
      "rank so many users, drawn by the seed",
      positiveInteger,
    )
    .option(
      "--resamples <number>",
      "bootstrap resamples",
      positiveInteger,
      resamples,
    )
    .option("--seed <number>", "seed of every draw", number, seed);
}

/** Metrics as `ndcg@10,gini`; refused here, before any file is read. */
function metricNames(
  text: string,
  before: readonly string[] = [],
): readonly string[] {
  const asked = names(text, before);
  try {
    parseMetrics(asked);
  } catch (error) {
    throw new InvalidArgumentError(`${messageOf(error)}.`);
  }
  return asked;
}

const HELP = `
Exit codes: 0 ship, or measured without a gate; 1 error; 2 hold; 3 fail.

Examples:
  recsys eval offline examples/online-retail --split 2011-06-01 --out reports/retail
  recsys eval offline --train train.csv.gz --test test.csv.gz --k 20 --baseline popularity --gate default`;

async function run(
  cli: Cli,
  paths: readonly string[],
  options: Options,
): Promise<ExitCode> {
  const report = await evaluateFiles(cli.io, paths, options);
  if (options.out !== undefined) {
    for (const path of writeReports(options.out, report))
      cli.io.note(`written: ${path}`);
  }
  if (options.json === true) cli.io.out(JSON.stringify(report));
  else for (const line of summaryLines(report)) cli.io.out(line);
  return report.decision?.exit_code ?? EXIT.ok;
}
