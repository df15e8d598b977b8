import { ApiError, SlugName, validator } from "@recsys/contracts";
import { createTenant, listTenants, type Tenant } from "@recsys/store";
import { Command, Option } from "commander";
import { withJson, type Cli, type JsonOption } from "../command.ts";
import { EXIT } from "../io.ts";
import { onPlatform } from "../platform.ts";
import { textTable } from "../text-table.ts";

export function tenantsCommand(cli: Cli): Command {
  return new Command("tenants")
    .description(
      "Create and list tenants: the boundary that data never crosses.",
    )
    .addCommand(create(cli))
    .addCommand(list(cli));
}

const checkSlug = validator(SlugName);

function requireSlug(name: string): void {
  if (checkSlug(name).length === 0) return;
  throw new ApiError("INVALID_REQUEST", {
    detail: `"${name}" is no name for a tenant: 1 to 64 lower-case letters, digits, - and _, not beginning with - or _.`,
  });
}

interface CreateOptions {
  readonly mode: Tenant["servingMode"];
  readonly title?: string;
}

function create(cli: Cli): Command {
  return new Command("create")
    .description("Create a tenant.")
    .argument("<name>", "lower-case letters, digits, - and _")
    .addOption(
      new Option("--mode <mode>", "where artifacts live and who makes them")
        .choices(["artifact", "db"])
        .default("artifact"),
    )
    .option("--title <text>", "name for people; unset: the name")
    .action(
      cli.action((name: string, options: CreateOptions) =>
        onPlatform(cli, async ({ store }) => {
          requireSlug(name);
          await store.tenantless((db) =>
            createTenant(db, {
              tenantId: name,
              name: options.title ?? name,
              servingMode: options.mode,
            }),
          );
          cli.io.out(`tenant ${name} created, mode ${options.mode}`);
          cli.io.note(
            `Next: recsys keys issue --tenant ${name} --role operator --name backend`,
          );
          return EXIT.ok;
        }),
      ),
    );
}

function list(cli: Cli): Command {
  return withJson(new Command("list"))
    .description("List the tenants with their modes.")
    .action(
      cli.action((options: JsonOption) =>
        onPlatform(cli, async ({ store }) => {
          const tenants = await store.tenantless((db) => listTenants(db));
          // The secret stays where it is.
          const rows = tenants.map((tenant) => ({
            tenant: tenant.tenantId,
            name: tenant.name,
            mode: tenant.servingMode,
            time_offset_days: tenant.timeOffsetDays,
          }));
          if (options.json === true) cli.io.out(JSON.stringify(rows));
          else {
            const table = textTable(
              ["tenant", "name", "mode", "time offset (days)"],
              rows.map((row) => Object.values(row)),
            );
            for (const line of table) cli.io.out(line);
          }
          return EXIT.ok;
        }),
      ),
    );
}
