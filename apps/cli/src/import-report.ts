import type { Entity, EvidenceCheck, ImportReport } from "@recsys/pipelines";
import { textTable } from "./text-table.ts";

/** What an import did, for people. */
export function reportLines(report: ImportReport): string[] {
  const { tally } = report;
  const entities = (Object.keys(tally.accepted) as Entity[])
    .map((entity) => [
      `${entity}s`,
      tally.accepted[entity],
      tally.duplicate[entity],
    ])
    .filter(([, accepted, duplicate]) => accepted !== 0 || duplicate !== 0);
  return [
    `${report.dryRun ? "would load" : "loaded"} into ${report.target}: ${tally.rows} rows read`,
    ...textTable(["", "accepted", "there already"], entities),
    ...counts("left out", tally.dropped),
    ...counts("rejected", tally.rejected),
    ...counts("events", tally.eventsByType),
    ...counts("events of", tally.eventsByIdentity),
    ...(report.timeOffsetDays === 0
      ? []
      : [
          `times moved by ${report.timeOffsetDays} days (${report.timeOffsetDays / 7} weeks)`,
        ]),
    ...(report.dryRun
      ? [report.compared ? COMPARED : NOT_COMPARED]
      : report.checks.map(checkLine)),
  ];
}

const COMPARED =
  "nothing was written; compared with what is stored, batch by batch: a row that comes twice in the files may count twice";
const NOT_COMPARED =
  "nothing was written, and nothing compared with what is stored: a service does not tell that without writing";

function checkLine({ ok, check, expected, found }: EvidenceCheck): string {
  return ok
    ? `ok   ${check}: ${found}`
    : `FAIL ${check}: ${expected} expected, ${found} found`;
}

function counts(label: string, by: Readonly<Record<string, number>>): string[] {
  const parts = Object.entries(by).sort((a, b) => b[1] - a[1]);
  if (parts.length === 0) return [];
  return [
    `${label}: ${parts.map(([name, count]) => `${name} ${count}`).join(", ")}`,
  ];
}
