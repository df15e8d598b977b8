import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { DAY_MS, type ExportedDecision } from "@recsys/contracts";
import { writeDecisionsParquet } from "@recsys/pipelines";
import { EXPORT_DAYS, exportDecisions } from "@recsys/service";
import { Command, Option } from "commander";
import { noteAccess } from "../access.ts";
import { timeText } from "../arguments.ts";
import { withPlace, type Cli, type PlaceOptions } from "../command.ts";
import { filterOf, withFilter, type Wanted } from "../decision-filter.ts";
import { EXIT, type Io } from "../io.ts";
import { onPlace } from "../platform.ts";
import { createProgress } from "../progress.ts";

interface Options extends PlaceOptions, Wanted {
  readonly format: "ndjson" | "parquet";
  readonly out: string;
  readonly purpose: string;
}

const WRITERS = { ndjson: writeLines, parquet: writeDecisionsParquet } as const;

/** `audit export`: as GET /v1/audit/decisions with Accept, without a service between. */
export function auditExport(cli: Cli): Command {
  const command = new Command("export")
    .description(
      "Write whole decision records to a file, newest first; people are hashed.",
    )
    .requiredOption("--out <file>", "where to; written whole or not at all")
    .requiredOption(
      "--purpose <text>",
      "what it is for; kept with who exported, in the record of readings",
    )
    .addOption(
      new Option(
        "--format <format>",
        "JSON lines, or Parquet with a column for what is asked for often",
      )
        .choices(Object.keys(WRITERS))
        .default("ndjson"),
    )
    .action(
      cli.action((options: Options) =>
        onPlace(cli, options, async (place) => {
          const { platform, tenant, namespace } = place;
          const decisions = exportDecisions(platform.store, {
            tenant: tenant.tenantId,
            namespace,
            filter: filterOf(options),
            salt: platform.config.exposureHashSalt,
          });
          const expiresAt = Date.now() + EXPORT_DAYS * DAY_MS;
          await noteAccess(place, {
            kind: "export",
            purpose: options.purpose,
            shown: "pseudonyms",
            expiresAt,
          });
          const path = resolve(options.out);
          await mkdir(dirname(path), { recursive: true });
          const written = await WRITERS[options.format](
            watched(cli.io, decisions),
            path,
          );
          cli.io.out(`${written} decisions: ${path}`);
          cli.io.note(`to be deleted by ${timeText(expiresAt)}`);
          return EXIT.ok;
        }),
      ),
    );
  return withFilter(withPlace(command));
}

/** Hands the decisions on, shows their number and ends when the process is asked to. */
async function* watched(
  io: Io,
  decisions: AsyncIterable<ExportedDecision>,
): AsyncGenerator<ExportedDecision> {
  const progress = createProgress(io, "export");
  let count = 0;
  try {
    for await (const decision of decisions) {
      io.signal.throwIfAborted();
      count += 1;
      progress.update(0, 0, `${count.toLocaleString("en")} decisions`);
      yield decision;
    }
  } finally {
    progress.stop();
  }
}

async function writeLines(
  decisions: AsyncIterable<ExportedDecision>,
  path: string,
): Promise<number> {
  const part = `${path}.part`;
  let count = 0;
  const lines = async function* () {
    for await (const { record } of decisions) {
      count += 1;
      yield `${JSON.stringify(record)}\n`;
    }
  };
  try {
    await pipeline(
      Readable.from(lines()),
      createWriteStream(part, { mode: 0o600 }),
    );
    await rename(part, path);
    return count;
  } finally {
    await rm(part, { force: true });
  }
}
