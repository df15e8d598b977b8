import type { ImportReport } from "@recsys/pipelines";
import { textTable } from "./text-table.ts";

/** What an import did, for people. */
export function reportLines(report: ImportReport): string[] {
  const { tally } = report;
  const entities = (["item", "user", "event"] as const)
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
    ...(tally.replacedCharacters === 0
      ? []
      : [`${tally.replacedCharacters} rows had characters that are not UTF-8`]),
    ...report.checks.map(
      (check) =>
        `${check.ok ? "ok  " : "FAIL"} ${check.check}: expected ${check.expected}, found ${check.found}`,
    ),
  ];
}

function counts(label: string, by: Readonly<Record<string, number>>): string[] {
  const parts = Object.entries(by).sort((a, b) => b[1] - a[1]);
  if (parts.length === 0) return [];
  return [
    `${label}: ${parts.map(([name, count]) => `${name} ${count}`).join(", ")}`,
  ];
}
