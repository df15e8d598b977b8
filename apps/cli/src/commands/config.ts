import { readFileSync } from "node:fs";
import {
  ApiError,
  CONFIG_SECTIONS,
  DEFAULT_CONFIG,
  canonicalJson,
  configSection,
  messageOf,
  validator,
  versionName,
  type ConfigSection,
} from "@recsys/contracts";
import { liveDocument } from "@recsys/pipelines";
import { requireGoodConfig, SETTINGS, settingsMarkdown } from "@recsys/service";
import { proposeChange, type TenantTx } from "@recsys/store";
import { Argument, Command } from "commander";
import { operator } from "../audit.ts";
import { withPlace, type Cli, type PlaceOptions } from "../command.ts";
import { readCliConfig } from "../config.ts";
import { EXIT } from "../io.ts";
import { onPlace } from "../platform.ts";
import { CLI_PAGE, CLI_SETTINGS } from "../settings.ts";
import { textTable } from "../text-table.ts";
import { SECTIONS } from "../config-files.ts";
import { configFileCommands } from "./config-files.ts";

export function configCommand(cli: Cli): Command {
  const command = new Command("config")
    .description(
      "Read and change a tenant's configuration; list the settings of the process.",
    )
    .addCommand(show(cli))
    .addCommand(set(cli))
    .addCommand(settings(cli))
    .addCommand(docs(cli));
  for (const each of configFileCommands(cli)) command.addCommand(each);
  return command;
}

function show(cli: Cli): Command {
  return withPlace(new Command("show"))
    .description("Print the live configuration, whole or one section, as JSON.")
    .addArgument(
      new Argument("[section]", "one section of it").choices(SECTIONS),
    )
    .action(
      cli.action((section: ConfigSection | undefined, options: PlaceOptions) =>
        onPlace(cli, options, async ({ platform, tenant, namespace }) => {
          const live = await platform.store.inTenant(tenant.tenantId, (tx) =>
            liveConfig(tx, namespace),
          );
          const shown =
            section === undefined
              ? live.content
              : configSection(live.content, section);
          cli.io.out(JSON.stringify(shown, null, 2));
          cli.io.note(live.name);
          return EXIT.ok;
        }),
      ),
    );
}

interface SetOptions extends PlaceOptions {
  readonly reason: string;
}

function set(cli: Cli): Command {
  return withPlace(new Command("set"))
    .description(
      "Replace one section of the configuration by the JSON in a file.",
    )
    .addArgument(new Argument("<section>", "which section").choices(SECTIONS))
    .argument("<file>", "JSON; - reads standard input")
    .option("--reason <text>", "for the audit log", "set at the command line")
    .action(
      cli.action((section: ConfigSection, file: string, options: SetOptions) =>
        onPlace(cli, options, async ({ platform, tenant, namespace }) => {
          const value = readSection(section, file);
          const name = await platform.store.inTenant(
            tenant.tenantId,
            async (tx) => {
              const live = await liveConfig(tx, namespace);
              const content = { ...live.content, [section]: value };
              requireGoodConfig(content, { namespace, section });
              const { pointer } = await proposeChange(tx, {
                tenant: tx.tenant,
                namespace,
                pointer: "config",
                content,
                baseVersion: live.version,
                author: operator(),
                authorKind: "human",
                reason: options.reason,
              });
              return versionName(pointer);
            },
          );
          cli.io.out(`configuration ${name} is live`);
          return EXIT.ok;
        }),
      ),
    );
}

function readSection(section: ConfigSection, file: string): unknown {
  const text = readFileSync(file === "-" ? 0 : file, "utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ApiError("MALFORMED_JSON", {
      detail: `${file} is no JSON: ${messageOf(cause)}.`,
      fix: null,
      cause,
    });
  }
  const errors = validator(CONFIG_SECTIONS[section])(value);
  if (errors.length > 0) throw new ApiError("INVALID_REQUEST", { errors });
  return value;
}

async function liveConfig(tx: TenantTx, namespace: string) {
  const live = await liveDocument(tx, namespace, "config");
  return {
    content: live?.content ?? DEFAULT_CONFIG,
    version: live?.state.version ?? null,
    name:
      live === null
        ? "the defaults: nothing was changed yet"
        : `version ${versionName(live.state)}`,
  };
}

function settings(cli: Cli): Command {
  return new Command("settings")
    .description(
      "List the settings of the process (environment variables) and their values; secrets stay hidden.",
    )
    .action(
      cli.action(() => {
        const { service, ...own } = readCliConfig(cli.io.environment);
        const values: Readonly<Record<string, unknown>> = {
          ...service,
          ...own,
        };
        const all = { ...SETTINGS, ...CLI_SETTINGS };
        const rows = Object.entries(all).map(([key, setting]) => {
          const isSet = (cli.io.environment[setting.name] ?? "") !== "";
          const value = setting.secret
            ? isSet
              ? "(secret)"
              : null
            : values[key];
          return [
            setting.name,
            value === null
              ? "unset"
              : typeof value === "string"
                ? value
                : canonicalJson(value),
            isSet ? "environment" : "default",
            setting.description,
          ];
        });
        for (const line of textTable(
          ["setting", "value", "from", "meaning"],
          rows,
        ))
          cli.io.out(line);
        return Promise.resolve(EXIT.ok);
      }),
    );
}

function docs(cli: Cli): Command {
  return new Command("docs")
    .description("Print the reference page of all settings as Markdown.")
    .action(
      cli.action(() => {
        cli.io.out(settingsMarkdown([CLI_PAGE]));
        return Promise.resolve(EXIT.ok);
      }),
    );
}
