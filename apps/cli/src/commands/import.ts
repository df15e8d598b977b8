import { mkdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import {
  ADAPTERS,
  httpTarget,
  runImport,
  type Entity,
  type ImportOptions,
  type ImportReport,
  type ImportTarget,
} from "@recsys/pipelines";
import { Command, Option } from "commander";
import { names, pairs, positiveInteger } from "../arguments.ts";
import {
  withJson,
  withPlace,
  type Cli,
  type JsonOption,
  type PlaceOptions,
} from "../command.ts";
import { readCliConfig } from "../config.ts";
import { importLimits, importTarget } from "../import-target.ts";
import { EXIT, type ExitCode } from "../io.ts";
import { onPlace } from "../platform.ts";
import { createProgress } from "../progress.ts";
import { reportLines } from "../import-report.ts";

const ENTITIES = {
  items: "item",
  users: "user",
  events: "event",
  exposures: "exposure",
  outcomes: "outcome",
} as const satisfies Record<string, Entity>;

interface Options extends PlaceOptions, JsonOption {
  readonly adapter: string;
  readonly type?: keyof typeof ENTITIES;
  readonly map?: Readonly<Record<string, string>>;
  readonly ignore?: readonly string[];
  readonly set?: Readonly<Record<string, string>>;
  readonly delimiter?: string;
  readonly shiftToNow?: boolean;
  readonly dryRun?: boolean;
  readonly errors?: string;
  readonly evidence?: string;
  readonly batch: number;
  readonly restart?: boolean;
  readonly url?: string;
}

export function importCommand(cli: Cli): Command {
  const command = new Command("import")
    .description("Load files of items, users or events.")
    .argument(
      "<paths...>",
      "files (CSV, JSONL, Parquet; plain or gzip), or the folder of a known set",
    )
    .addOption(
      new Option("--adapter <name>", "what the files are")
        .choices(ADAPTERS.map((adapter) => adapter.name))
        .default("csv"),
    )
    .addOption(
      new Option("--type <type>", "what a plain file holds").choices(
        Object.keys(ENTITIES),
      ),
    )
    .option(
      "--map <pairs>",
      "column=field,…; keys as attributes.year:number",
      pairs,
    )
    .option("--ignore <columns>", "columns to leave out", names)
    .option(
      "--set <pairs>",
      "field=value,… for every row, such as type=purchase",
      pairs,
    )
    .option(
      "--delimiter <character>",
      "what separates the fields of a CSV file",
    )
    .option(
      "--shift-to-now",
      "move all times by whole weeks, so that the last day is about today",
    )
    .option(
      "--dry-run",
      "check every row, compare with what is stored, write nothing",
    )
    .option(
      "--errors <file>",
      "where rows that were not loaded go, as JSON lines",
    )
    .option("--evidence <file>", "where counts and checks go, as JSON")
    .option("--batch <rows>", "rows in one transaction", positiveInteger, 2000)
    .option("--restart", "do not go on where an interrupted import stopped")
    .option(
      "--url <address>",
      "send the rows to a running service (key: RECSYS_API_KEY)",
    )
    .addHelpText("after", HELP)
    .action(
      cli.action((paths: string[], options: Options) =>
        run(cli, paths, options),
      ),
    );
  return withJson(withPlace(command));
}

const HELP = `
Every row is loaded, left out on purpose (dropped), or rejected with a code;
the last two are in the error file with line, field and the row itself. An
interrupted import goes on where it stopped when the same command is given
again. Importing a file twice changes nothing.

Adapters:
${ADAPTERS.map((adapter) => `  ${adapter.name.padEnd(16)} ${adapter.description}`).join("\n")}

Examples:
  recsys import examples/online-retail --adapter online-retail --shift-to-now
  recsys import clicks.csv --type events --map visitor=anonymous_id,sku=item_id --set type=click
  recsys import shop.parquet --adapter parquet --type items --dry-run`;

async function run(
  cli: Cli,
  paths: readonly string[],
  options: Options,
): Promise<ExitCode> {
  const report = await withTarget(cli, options, async (target) => {
    const progress = createProgress(cli.io, "import");
    try {
      return await runImport({
        ...readingOptions(cli, paths, options),
        target,
        onNotShifted: (days) => {
          cli.io.note(
            `warning: earlier imports of this tenant were moved forward by ${days / 7} weeks, this one is not; add --shift-to-now if it belongs to them`,
          );
        },
        onProgress: ({ file, bytesRead, bytes, tally }) => {
          progress.update(
            bytesRead,
            bytes,
            `${file} ${tally.rows.toLocaleString("en")} rows`,
          );
        },
      });
    } catch (error) {
      if (cli.io.signal.aborted) {
        cli.io.note("stopped; the same command goes on from there");
      }
      throw error;
    } finally {
      progress.stop();
    }
  });
  if (options.json === true) cli.io.out(JSON.stringify(report));
  else for (const line of reportLines(report)) cli.io.out(line);
  noteFiles(cli, paths, { options, report });
  return report.ok ? EXIT.ok : EXIT.attention;
}

function withTarget<T>(
  cli: Cli,
  options: Options,
  work: (target: ImportTarget) => Promise<T>,
): Promise<T> {
  const { url } = options;
  if (url === undefined) {
    return onPlace(cli, options, (place) => work(importTarget(place)));
  }
  const { service, apiKey, tenant } = readCliConfig(cli.io.environment);
  const headers =
    apiKey === null
      ? { [service.tenantHeaderName]: options.tenant ?? tenant ?? "demo" }
      : { Authorization: `Bearer ${apiKey}` };
  return work(
    httpTarget({
      url,
      headers,
      namespace: options.namespace,
      fetch,
      pause: (ms) => pause(ms),
    }),
  );
}

function readingOptions(
  cli: Cli,
  paths: readonly string[],
  options: Options,
): Omit<ImportOptions, "target"> {
  const files = filesOf(cli, paths, options);
  return {
    adapter: options.adapter,
    paths,
    ...(options.type === undefined ? {} : { entity: ENTITIES[options.type] }),
    ...(options.delimiter === undefined
      ? {}
      : { delimiter: options.delimiter }),
    mapping: options.map ?? {},
    ignore: options.ignore ?? [],
    constants: options.set ?? {},
    shiftToNow: options.shiftToNow === true,
    ...(options.dryRun === true ? { dryRun: "compare" as const } : {}),
    batchRows: options.batch,
    limits: importLimits(readCliConfig(cli.io.environment).service),
    errorFile: files.errors,
    evidenceFile: files.evidence,
    ...(options.restart === true ? {} : { progressFolder: files.folder }),
    signal: cli.io.signal,
    clock: () => cli.io.now(),
  };
}

/** Files about the import lie under RECSYS_HOME unless said, so that a folder of data stays as it was. */
function filesOf(cli: Cli, paths: readonly string[], options: Options) {
  const { service } = readCliConfig(cli.io.environment);
  const folder = join(resolve(service.home), "imports");
  mkdirSync(folder, { recursive: true });
  const name = basename(resolve(paths[0] ?? "import"));
  const mode = options.dryRun === true ? ".dry-run" : "";
  return {
    folder,
    errors: options.errors ?? join(folder, `${name}${mode}.errors.jsonl`),
    evidence: options.evidence ?? join(folder, `${name}${mode}.evidence.json`),
  };
}

function noteFiles(
  cli: Cli,
  paths: readonly string[],
  {
    options,
    report,
  }: { readonly options: Options; readonly report: ImportReport },
): void {
  const { errors, evidence } = filesOf(cli, paths, options);
  const { rejected, dropped } = report.tally;
  if (Object.keys({ ...rejected, ...dropped }).length > 0) {
    cli.io.note(`rows that were not loaded: ${errors}`);
  }
  cli.io.note(`evidence: ${evidence}`);
}
