import {
  copyNamespace,
  evidenceHash,
  requireConfirmation,
  resetNamespace,
  type NamespaceEvidence,
} from "@recsys/service";
import { Command } from "commander";
import { operator } from "../audit.ts";
import type { Cli } from "../command.ts";
import { EXIT } from "../io.ts";
import { onPlace } from "../platform.ts";
import { textTable } from "../text-table.ts";
import { writePage } from "../write-page.ts";

interface Options {
  readonly tenant?: string;
  readonly confirm: string;
  readonly reason: string;
  readonly evidence: string;
  readonly keepConfiguration?: boolean;
}

export function namespaceCommand(cli: Cli): Command {
  return new Command("namespace")
    .description("Empty or copy a namespace, with evidence of what was done.")
    .addCommand(reset(cli))
    .addCommand(copy(cli));
}

function withOptions(command: Command, changed: string): Command {
  return command
    .requiredOption("--confirm <name>", `the name of the namespace ${changed}`)
    .requiredOption("--reason <text>", "for the audit log")
    .requiredOption("--evidence <file>", "where the evidence goes, as JSON")
    .option(
      "--tenant <name>",
      "tenant; unset: RECSYS_TENANT, else demo, else the only one",
    );
}

function reset(cli: Cli): Command {
  return withOptions(new Command("reset"), "once more")
    .description(
      "Delete what a namespace holds: items, people, events, decisions, and its configuration. It cannot be undone.",
    )
    .argument("<name>", "the namespace")
    .option("--keep-configuration", "leave configuration, rules and fallbacks")
    .action(
      cli.action((name: string, options: Options) =>
        onPlace(
          cli,
          { ...options, namespace: name },
          async ({ platform, tenant }) => {
            requireConfirmation(name, options.confirm);
            const evidence = await platform.store.inTenant(
              tenant.tenantId,
              (tx) =>
                resetNamespace(tx, {
                  ...workOf(name, options),
                  keepsConfiguration: options.keepConfiguration === true,
                }),
            );
            return tell(cli, evidence, options);
          },
        ),
      ),
    );
}

function copy(cli: Cli): Command {
  return withOptions(new Command("copy"), "that is copied into")
    .description(
      "Copy configuration, rules, fallback lists and items into a namespace without items; never people or what they did.",
    )
    .argument("<from>", "the namespace to copy")
    .argument("<to>", "where to")
    .action(
      cli.action((from: string, to: string, options: Options) =>
        onPlace(
          cli,
          { ...options, namespace: to },
          async ({ platform, tenant }) => {
            requireConfirmation(to, options.confirm);
            const evidence = await platform.store.inTenant(
              tenant.tenantId,
              (tx) => copyNamespace(tx, { ...workOf(to, options), from }),
            );
            return tell(cli, evidence, options);
          },
        ),
      ),
    );
}

function workOf(namespace: string, { reason }: Options) {
  return {
    namespace,
    reason,
    actor: operator(),
    actorKind: "human" as const,
    now: Date.now(),
  };
}

async function tell(
  cli: Cli,
  evidence: NamespaceEvidence,
  options: Options,
): Promise<0> {
  const sha256 = evidenceHash(evidence);
  const text = `${JSON.stringify({ evidence, sha256 }, null, 2)}\n`;
  const path = await writePage(options.evidence, text);
  const rows = [
    ...evidence.removed.map(({ table, rows: count }) => [
      table,
      `${count} removed`,
    ]),
    ...evidence.documents.map(({ document, after }) => [
      document,
      `now ${after?.slice(0, 12) ?? "the default"}`,
    ]),
    ["items", `${evidence.catalogue.after.items} now`],
  ];
  for (const line of textTable(["what", "how"], rows)) cli.io.out(line);
  cli.io.out(`evidence: ${path}`);
  return EXIT.ok;
}
