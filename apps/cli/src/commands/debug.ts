import { ApiError } from "@recsys/contracts";
import {
  createReplayer,
  debugPage,
  gatherDebug,
  htmlPage,
} from "@recsys/service";
import { findDecision } from "@recsys/store";
import { Command } from "commander";
import { noteAccess } from "../access.ts";
import { names, uuid } from "../arguments.ts";
import { withPlace, type Cli, type PlaceOptions } from "../command.ts";
import { EXIT } from "../io.ts";
import { pageText } from "../page-text.ts";
import { onPlace } from "../platform.ts";
import { writePage } from "../write-page.ts";

interface Options extends PlaceOptions {
  readonly item: readonly string[];
  readonly html?: string;
  readonly purpose?: string;
}

/** `recsys debug`: what a support question about one list needs, on one page. */
export function debugCommand(cli: Cli): Command {
  return withPlace(new Command("debug"))
    .description(
      "One decision on one page: the list, why not, versions, changes, overrides, age of its data, the likely cause and its owner.",
    )
    .argument("<request_id>", "the decision", uuid)
    .option(
      "--item <ids>",
      "why these are not in the list; separated by commas, may be repeated",
      names,
      [],
    )
    .option("--html <file>", "write the page there, instead of printing it")
    .option("--purpose <text>", "what for; kept in the record of readings")
    .action(
      cli.action((requestId: string, options: Options) =>
        onPlace(cli, options, async (place) => {
          const { platform, tenant } = place;
          const found = await platform.store.inTenant(tenant.tenantId, (tx) =>
            findDecision(tx, requestId),
          );
          if (found === null) {
            throw new ApiError("DECISION_UNKNOWN", {
              detail: `Tenant ${tenant.tenantId} has no decision ${requestId} on record.`,
            });
          }
          await noteAccess(place, {
            kind: "decision",
            decisionId: requestId,
            rows: 1,
            ...(options.purpose === undefined
              ? {}
              : { purpose: options.purpose }),
          });
          const replayer = createReplayer({
            store: platform.store,
            tenant: tenant.tenantId,
            objects: platform.objectsFor(tenant),
          });
          const page = debugPage(
            await gatherDebug(
              { store: platform.store, replayer },
              found,
              options.item,
            ),
          );
          if (options.html === undefined) {
            for (const line of pageText(page)) cli.io.out(line);
          } else {
            cli.io.out(await writePage(options.html, htmlPage(page)));
          }
          return EXIT.ok;
        }),
      ),
    );
}
