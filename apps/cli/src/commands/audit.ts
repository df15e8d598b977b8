import { listDecisions, verifyAudit, type StoredDecision } from "@recsys/store";
import { Command } from "commander";
import { noteAccess } from "../access.ts";
import { positiveInteger, timeText } from "../arguments.ts";
import {
  withJson,
  withPlace,
  type Cli,
  type JsonOption,
  type PlaceOptions,
} from "../command.ts";
import { filterOf, withFilter, type Wanted } from "../decision-filter.ts";
import { EXIT } from "../io.ts";
import { onPlace } from "../platform.ts";
import { textTable } from "../text-table.ts";
import { auditExport } from "./audit-export.ts";
import { auditReport } from "./audit-report.ts";
import { auditWhyNot } from "./audit-why-not.ts";

export function auditCommand(cli: Cli): Command {
  return new Command("audit")
    .description(
      "Read what was decided, and check the record of who changed what.",
    )
    .addCommand(decisions(cli))
    .addCommand(auditExport(cli))
    .addCommand(auditWhyNot(cli))
    .addCommand(auditReport(cli))
    .addCommand(verify(cli));
}

interface DecisionsOptions extends PlaceOptions, JsonOption, Wanted {
  readonly limit: number;
}

function decisions(cli: Cli): Command {
  return withFilter(withJson(withPlace(new Command("decisions"))))
    .description(
      "List decisions, newest first; --json prints whole records, one a line.",
    )
    .option("--limit <number>", "most decisions to list", positiveInteger, 20)
    .action(
      cli.action((options: DecisionsOptions) =>
        onPlace(cli, options, async (place) => {
          const { platform, tenant, namespace } = place;
          const page = await platform.store.inTenant(tenant.tenantId, (tx) =>
            listDecisions(tx, namespace, {
              limit: options.limit,
              filter: filterOf(options),
            }),
          );
          await noteAccess(place, {
            kind: "decisions",
            rows: page.rows.length,
          });
          if (options.json === true) {
            for (const row of page.rows) cli.io.out(JSON.stringify(row.record));
          } else {
            const headings = [
              "request_id",
              "time",
              "surface",
              "items",
              "manifest",
              "config",
              "degraded",
            ];
            for (const line of textTable(headings, page.rows.map(decisionRow)))
              cli.io.out(line);
          }
          return EXIT.ok;
        }),
      ),
    );
}

function decisionRow({
  requestId,
  record,
}: StoredDecision): (string | number | null)[] {
  return [
    requestId,
    timeText(record.now),
    record.request.surface,
    record.slate.length,
    record.versions.manifest_version,
    record.versions.config_version,
    record.degraded.map((one) => one.part).join(","),
  ];
}

function verify(cli: Cli): Command {
  return withJson(new Command("verify"))
    .description(
      "Recompute the hash chain of a tenant's audit log; exits with 2 when it is broken.",
    )
    .option(
      "--tenant <name>",
      "tenant; unset: RECSYS_TENANT, else demo, else the only one",
    )
    .action(
      cli.action((options: JsonOption & { readonly tenant?: string }) =>
        onPlace(
          cli,
          { ...options, namespace: "default" },
          async ({ platform, tenant }) => {
            const result = await verifyAudit(platform.store, tenant.tenantId);
            if (options.json === true) cli.io.out(JSON.stringify(result));
            else if (result.ok) {
              cli.io.out(
                `the chain of ${tenant.tenantId} is whole: ${result.checked} entries`,
              );
            } else {
              cli.io.out(
                `the chain of ${tenant.tenantId} is broken at entry ${result.firstBroken ?? 0}: it was changed, moved or lost`,
              );
            }
            return result.ok ? EXIT.ok : EXIT.attention;
          },
        ),
      ),
    );
}
