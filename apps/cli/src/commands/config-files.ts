import { readFileSync, writeFileSync } from "node:fs";
import { ApiError, versionName, type PointerName } from "@recsys/contracts";
import { liveDocument } from "@recsys/pipelines";
import { withLabels } from "@recsys/service";
import { proposeChange, type TenantTx } from "@recsys/store";
import { Command } from "commander";
import { operator } from "../audit.ts";
import {
  withJson,
  withPlace,
  type Cli,
  type JsonOption,
  type PlaceOptions,
} from "../command.ts";
import {
  differences,
  readFolder,
  readLive,
  requireGood,
  writeFolder,
  writeVersions,
  type Difference,
  type Settled,
} from "../config-files.ts";
import { EXIT } from "../io.ts";
import { onPlace } from "../platform.ts";

/** Configuration as files: `get`, `diff`, `apply`, `snapshot`, `restore`. */
export function configFileCommands(cli: Cli): Command[] {
  return [get(cli), diff(cli), apply(cli), snapshot(cli), restore(cli)];
}

function get(cli: Cli): Command {
  return withPlace(new Command("get"))
    .description(
      "Write the live configuration and rules into a folder, one file a section, to keep under version control.",
    )
    .argument("<folder>", "made where it does not exist; files are replaced")
    .action(
      cli.action((folder: string, options: PlaceOptions) =>
        onPlace(cli, options, async ({ platform, tenant, namespace }) => {
          const live = await platform.store.inTenant(tenant.tenantId, (tx) =>
            readLive(tx, namespace),
          );
          writeFolder(folder, live);
          cli.io.out(`${folder}: ${versionsText(live)}`);
          return EXIT.ok;
        }),
      ),
    );
}

interface FolderOptions extends PlaceOptions, JsonOption {
  readonly profile?: string;
}

function withProfile(command: Command): Command {
  return command.option(
    "--profile <name>",
    "lay profiles/<name>.json over the files; get writes dev, pilot and production",
  );
}

function diff(cli: Cli): Command {
  return withProfile(withJson(withPlace(new Command("diff"))))
    .description("Compare the files of a folder with what is live.")
    .argument("<folder>", "as `config get` writes it")
    .addHelpText("after", "\nExits with 2 where they differ.")
    .action(
      cli.action((folder: string, options: FolderOptions) =>
        onPlace(cli, options, async ({ platform, tenant, namespace }) => {
          const wanted = readFolder(folder, options.profile);
          requireGood(wanted, namespace);
          const live = await platform.store.inTenant(tenant.tenantId, (tx) =>
            readLive(tx, namespace),
          );
          const found = compare(live, wanted);
          if (options.json === true) cli.io.out(JSON.stringify(found));
          else for (const each of found) cli.io.out(differenceText(each));
          return found.length === 0 ? EXIT.ok : EXIT.attention;
        }),
      ),
    );
}

interface ApplyOptions extends FolderOptions {
  readonly reason: string;
  readonly force?: boolean;
}

function apply(cli: Cli): Command {
  return withProfile(withPlace(new Command("apply")))
    .description(
      "Make the files of a folder live, configuration and rules together or not at all.",
    )
    .argument("<folder>", "as `config get` writes it")
    .option("--reason <text>", "for the audit log", "applied from files")
    .option("--force", "also where somebody changed what is live since `get`")
    .action(
      cli.action((folder: string, options: ApplyOptions) =>
        onPlace(cli, options, async ({ platform, tenant, namespace }) => {
          const wanted = readFolder(folder, options.profile);
          requireGood(wanted, namespace);
          const made = await platform.store.inTenant(
            tenant.tenantId,
            async (tx) => {
              const live = await readLive(tx, namespace);
              if (options.force !== true) requireSame(live, wanted, folder);
              return settle(tx, namespace, {
                live,
                wanted,
                reason: options.reason,
              });
            },
          );
          writeVersions(folder, made.settled.versions);
          cli.io.out(
            made.changes.length === 0
              ? "nothing to do: what is live is the same"
              : `live now: ${versionsText(made.settled)} (${made.changes.length} places differ)`,
          );
          for (const each of made.changes) cli.io.note(differenceText(each));
          return EXIT.ok;
        }),
      ),
    );
}

function snapshot(cli: Cli): Command {
  return withPlace(new Command("snapshot"))
    .description(
      "Write configuration, rules and their versions into one file, to come back to.",
    )
    .argument("<file>", "JSON")
    .action(
      cli.action((file: string, options: PlaceOptions) =>
        onPlace(cli, options, async ({ platform, tenant, namespace }) => {
          const live = await platform.store.inTenant(tenant.tenantId, (tx) =>
            readLive(tx, namespace),
          );
          const taken_at = new Date(cli.io.now()).toISOString();
          const content = {
            tenant: tenant.tenantId,
            namespace,
            taken_at,
            ...live,
          };
          writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
          cli.io.out(`${file}: ${versionsText(live)}`);
          return EXIT.ok;
        }),
      ),
    );
}

function restore(cli: Cli): Command {
  return withPlace(new Command("restore"))
    .description("Make the configuration and rules of a snapshot live again.")
    .argument("<file>", "as `config snapshot` writes it")
    .option("--reason <text>", "for the audit log", "restored from a snapshot")
    .action(
      cli.action(
        (file: string, options: PlaceOptions & { readonly reason: string }) =>
          onPlace(cli, options, async ({ platform, tenant, namespace }) => {
            const wanted = readSnapshot(file);
            requireGood(wanted, namespace);
            const made = await platform.store.inTenant(
              tenant.tenantId,
              async (tx) => {
                const live = await readLive(tx, namespace);
                const { reason } = options;
                return settle(tx, namespace, { live, wanted, reason });
              },
            );
            cli.io.out(
              `live now: ${versionsText(made.settled)} (${made.changes.length} places differ)`,
            );
            return EXIT.ok;
          }),
      ),
    );
}

function readSnapshot(file: string): Settled {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Settled;
  } catch (cause) {
    throw new ApiError("MALFORMED_JSON", {
      detail: `${file} is no snapshot that can be read.`,
      cause,
    });
  }
}

/** Throws VERSION_CONFLICT when what is live is not what the files came from. */
function requireSame(live: Settled, wanted: Settled, folder: string): void {
  const isSame =
    live.versions.config === wanted.versions.config &&
    live.versions.rules === wanted.versions.rules;
  if (isSame) return;
  throw new ApiError("VERSION_CONFLICT", {
    detail: `The files are of ${versionsText(wanted)}, live is ${versionsText(live)}: see recsys config diff ${folder}, or take --force.`,
  });
}

/** Moves the pointers of what differs, in the transaction given. */
async function settle(
  tx: TenantTx,
  namespace: string,
  change: {
    readonly live: Settled;
    readonly wanted: Settled;
    readonly reason: string;
  },
): Promise<{
  readonly settled: Settled;
  readonly changes: readonly Difference[];
}> {
  const { live, reason } = change;
  // Only decisions on reports change labels.
  const rules = withLabels(change.wanted.rules, live.rules);
  const wanted = { ...change.wanted, rules };
  const move = async (
    pointer: PointerName & ("config" | "rules"),
  ): Promise<string | null> => {
    if (differences(live[pointer], wanted[pointer]).length === 0) {
      return live.versions[pointer];
    }
    const before = await liveDocument(tx, namespace, pointer);
    const made = await proposeChange(tx, {
      tenant: tx.tenant,
      namespace,
      pointer,
      content: wanted[pointer],
      baseVersion: before?.state.version ?? null,
      author: operator(),
      authorKind: "human",
      reason,
    });
    return versionName(made.pointer);
  };
  const versions = { config: await move("config"), rules: await move("rules") };
  return { settled: { ...wanted, versions }, changes: compare(live, wanted) };
}

function compare(live: Settled, wanted: Settled): Difference[] {
  return [
    ...differences(live.config, wanted.config),
    ...differences(live.rules, wanted.rules, "/rules"),
  ];
}

function differenceText({ path, before, after }: Difference): string {
  const text = (value: unknown) =>
    value === undefined ? "nothing" : JSON.stringify(value);
  return `${path}: ${text(before)} -> ${text(after)}`;
}

function versionsText({ versions }: Settled): string {
  const { config, rules } = versions;
  return `configuration ${config ?? "default"}, rules ${rules ?? "none"}`;
}
