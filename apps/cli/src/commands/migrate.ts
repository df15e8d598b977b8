import { ApiError } from "@recsys/contracts";
import type { ServiceConfig } from "@recsys/service";
import { checkMigrations, migrationStatus } from "@recsys/store";
import { Command } from "commander";
import { withJson, type Cli, type JsonOption } from "../command.ts";
import { readCliConfig } from "../config.ts";
import { EXIT } from "../io.ts";
import { reachDatabase, type Database } from "../platform.ts";
import { textTable } from "../text-table.ts";

export function migrateCommand(cli: Cli): Command {
  return new Command("migrate")
    .description("Bring the schema of the database to this release.")
    .addCommand(up(cli))
    .addCommand(status(cli))
    .addCommand(check(cli));
}

function up(cli: Cli): Command {
  return new Command("up")
    .description(
      "Apply the pending migrations as the owner (DATABASE_MIGRATE_URL), each in a transaction.",
    )
    .action(
      cli.action(async () => {
        const { service: config } = readCliConfig(cli.io.environment);
        requireOwner(config);
        let applied = 0;
        const log = (line: string) => {
          if (line.startsWith("migrated ")) applied++;
          cli.io.out(line);
        };
        const database = await reachDatabase({
          config,
          log,
          schema: "migrate",
        });
        await database.leave();
        cli.io.out(applied === 0 ? "nothing to do" : `${applied} applied`);
        return EXIT.ok;
      }),
    );
}

function status(cli: Cli): Command {
  return withJson(new Command("status"))
    .description(
      "List the migrations; exits with 2 when one is pending or was changed.",
    )
    .action(
      cli.action((options: JsonOption) =>
        onDatabase(cli, async (database) => {
          const found = await migrationStatus(database.appUrl);
          if (options.json === true) cli.io.out(JSON.stringify(found));
          else {
            const rows = found.map((m) => [
              m.name,
              m.state,
              m.appliedAt?.toISOString(),
            ]);
            for (const line of textTable(
              ["migration", "state", "applied"],
              rows,
            ))
              cli.io.out(line);
          }
          const isDone = found.every((m) => m.state === "applied");
          return isDone ? EXIT.ok : EXIT.attention;
        }),
      ),
    );
}

function check(cli: Cli): Command {
  return new Command("check")
    .description(
      "Change nothing; fail unless the schema is what this release needs.",
    )
    .action(
      cli.action(() =>
        onDatabase(cli, async (database) => {
          await checkMigrations(database.appUrl);
          cli.io.out("the schema is what this release needs");
          return EXIT.ok;
        }),
      ),
    );
}

async function onDatabase<T>(
  cli: Cli,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const { service: config } = readCliConfig(cli.io.environment);
  const log = (line: string) => {
    cli.io.note(line);
  };
  // The schema is what this command is about, so nothing is migrated or asked of it on the way.
  const database = await reachDatabase({ config, log, schema: "as-it-is" });
  try {
    return await work(database);
  } finally {
    await database.leave();
  }
}

function requireOwner(config: ServiceConfig): void {
  const { environment, databaseUrl, databaseMigrateUrl } = config;
  const isServedApart = environment === "production" && databaseUrl !== null;
  if (!isServedApart || databaseMigrateUrl !== null) return;
  throw new ApiError("FORBIDDEN", {
    detail:
      "DATABASE_MIGRATE_URL is needed: migrations run as the owner of the schema, not as the application.",
  });
}
