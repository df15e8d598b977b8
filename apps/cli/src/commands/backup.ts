import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ApiError } from "@recsys/contracts";
import {
  backup,
  fsObjects,
  listTenants,
  restore,
  type BackupManifest,
  type ObjectStore,
} from "@recsys/store";
import { Command } from "commander";
import type { Cli } from "../command.ts";
import { EXIT } from "../io.ts";
import { onPlatform, type Platform } from "../platform.ts";
import { names } from "../arguments.ts";

export function backupCommand(cli: Cli): Command {
  return new Command("backup")
    .description(
      "Copy every table as of one moment, the objects and the erasure list into a folder; the product may go on working.",
    )
    .argument("<folder>", "empty, or not there yet")
    .action(
      cli.action((folder: string) =>
        onPlatform(cli, async (platform) => {
          const tenants = await platform.store.tenantless((db) =>
            listTenants(db),
          );
          const labels = tenants
            .filter((tenant) => tenant.servingMode === "artifact")
            .map((tenant) => tenant.tenantId);
          const manifest = await backup({
            ownerUrl: requireOwner(platform),
            directory: resolve(folder),
            objects: objectStores(platform, labels),
            log: (line) => {
              cli.io.note(line);
            },
          });
          const rows = manifest.tables.reduce(
            (total, table) => total + table.rows,
            0,
          );
          cli.io.out(
            `backup of ${rows} rows in ${manifest.tables.length} tables: ${resolve(folder)}`,
          );
          return EXIT.ok;
        }),
      ),
    );
}

export function restoreCommand(cli: Cli): Command {
  return new Command("restore")
    .description(
      "Put a backup into an empty database of the same schema; people erased since then are erased again.",
    )
    .argument("<folder>", "what recsys backup wrote")
    .option(
      "--erasures <files>",
      "newer erasure lists, from later backups",
      names,
    )
    .action(
      cli.action(
        (folder: string, options: { readonly erasures?: readonly string[] }) =>
          onPlatform(cli, async (platform) => {
            await restore({
              ownerUrl: requireOwner(platform),
              directory: resolve(folder),
              objects: objectStores(platform, tenantsIn(resolve(folder))),
              ...(options.erasures === undefined
                ? {}
                : { erasureLists: options.erasures }),
              log: (line) => {
                cli.io.note(line);
              },
            });
            cli.io.out(
              `restored from ${resolve(folder)}; start the service to serve it`,
            );
            return EXIT.ok;
          }),
      ),
    );
}

/** Objects of tenants in artifact mode, by tenant; those of the others lie in the database. */
function objectStores(
  platform: Platform,
  tenants: readonly string[],
): ReadonlyMap<string, ObjectStore> {
  return new Map(
    tenants.map((tenant) => [
      tenant,
      fsObjects(join(platform.home, "objects", tenant)),
    ]),
  );
}

/** Tenants whose objects a backup holds. A folder that is no backup has none; the restore then says so. */
function tenantsIn(folder: string): string[] {
  try {
    const text = readFileSync(join(folder, "manifest.json"), "utf8");
    const { objects } = JSON.parse(text) as BackupManifest;
    return Object.keys(objects).filter((label) => TENANT_NAME.test(label));
  } catch {
    return [];
  }
}

/** A label becomes part of a path, so it may be nothing but the name of a tenant. */
const TENANT_NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;

function requireOwner(platform: Platform): string {
  if (platform.ownerUrl !== null) return platform.ownerUrl;
  throw new ApiError("FORBIDDEN", {
    detail:
      "DATABASE_MIGRATE_URL is needed: backups and restores read and write every tenant, as the owner of the schema.",
  });
}
