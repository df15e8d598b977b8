import { ApiError, DAY_MS } from "@recsys/contracts";
import {
  EXPORT_DAYS,
  htmlPage,
  pseudonymOf,
  readReportDecisions,
  reportPage,
} from "@recsys/service";
import {
  decideReport,
  findPerson,
  requestReport,
  type AuditReport,
} from "@recsys/store";
import { Command, InvalidArgumentError } from "commander";
import { noteAccess } from "../access.ts";
import { operator } from "../audit.ts";
import { withPlace, type Cli, type PlaceOptions } from "../command.ts";
import { EXIT } from "../io.ts";
import { onPlace, type Place } from "../platform.ts";
import { writePage } from "../write-page.ts";

interface Options extends PlaceOptions {
  readonly user: string;
  readonly window: number;
  readonly purpose: string;
  readonly out: string;
  readonly redact?: boolean;
}

const UNIT_MS: Readonly<Record<string, number>> = { h: DAY_MS / 24, d: DAY_MS };

/** `7d` or `36h` as milliseconds. */
function span(text: string): number {
  const found = /^([1-9]\d{0,4})([hd])$/.exec(text);
  const unit = UNIT_MS[found?.[2] ?? ""];
  if (unit === undefined) {
    throw new InvalidArgumentError("A span such as 7d or 36h is needed.");
  }
  return Number(found?.[1]) * unit;
}

/** `audit report`: every list that one person was shown, as one page; asked for and approved in one step, and recorded so. */
export function auditReport(cli: Cli): Command {
  return withPlace(new Command("report"))
    .description(
      "Write a page with every list that one person was shown: reasons, rules and versions. It counts as asked for and approved by you; over HTTP these are two people's steps.",
    )
    .requiredOption("--user <id>", "user_id of the person")
    .option(
      "--window <span>",
      "how far back, such as 7d or 36h",
      span,
      7 * DAY_MS,
    )
    .requiredOption(
      "--purpose <text>",
      "what it is for; in the page and on record",
    )
    .requiredOption("--out <file>", "where to; written whole or not at all")
    .option("--redact", "without the person's name, history and traits")
    .action(
      cli.action((options: Options) =>
        onPlace(cli, options, async (place) => {
          const report = await approvedReport(place, options);
          const isPersonal = options.redact !== true;
          const found = await place.platform.store.inTenant(
            place.tenant.tenantId,
            (tx) => readReportDecisions(tx, report),
          );
          await noteAccess(place, {
            kind: "report",
            userKey: report.userKey,
            purpose: options.purpose,
            shown: isPersonal ? "personal" : "pseudonyms",
            rows: found.decisions.length,
            ...(report.expiresAt === null
              ? {}
              : { expiresAt: report.expiresAt }),
          });
          const page = reportPage({
            ...report,
            ...found,
            person: isPersonal ? options.user : "one person",
            approvedBy: report.decidedBy ?? "",
            isPersonal,
          });
          const path = await writePage(options.out, htmlPage(page));
          cli.io.out(`${found.decisions.length} lists: ${path}`);
          return EXIT.ok;
        }),
      ),
    );
}

function approvedReport(
  { platform, tenant, namespace }: Place,
  options: Options,
): Promise<AuditReport> {
  const by = operator();
  const now = Date.now();
  const pseudonym = pseudonymOf(tenant.secret, "user", options.user);
  return platform.store.inTenant(tenant.tenantId, async (tx) => {
    const person = await findPerson(tx, namespace, pseudonym);
    if (person === null) {
      throw new ApiError("NOT_FOUND", {
        detail: `Nobody with this user_id was ever seen in ${namespace}.`,
        fix: null,
      });
    }
    const { reportId } = await requestReport(tx, namespace, {
      userKey: person.userKey,
      from: now - options.window,
      to: now + 1,
      purpose: options.purpose,
      requestedBy: by,
    });
    return decideReport(tx, reportId, {
      state: "approved",
      by,
      note: null,
      expiresAt: now + EXPORT_DAYS * DAY_MS,
    });
  });
}
