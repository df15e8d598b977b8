import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ComputedNumber, OfflineReport } from "@recsys/contracts";
import { renderHtml, renderMarkdown, reportCharts } from "@recsys/evaluation";
import { barCharts } from "./report-charts.ts";
import { textTable } from "./text-table.ts";

/** Writes the report as JSON, Markdown and one self-contained page; gives the paths. */
export function writeReports(folder: string, report: OfflineReport): string[] {
  mkdirSync(folder, { recursive: true });
  const files: Readonly<Record<string, string>> = {
    "report.json": `${JSON.stringify(report, null, 2)}\n`,
    "report.md": renderMarkdown(report),
    "report.html": renderHtml(report, [
      ...barCharts(report),
      ...reportCharts(report),
    ]),
  };
  return Object.entries(files).map(([name, text]) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  });
}

/** The numbers of a report for a terminal. */
export function summaryLines(report: OfflineReport): string[] {
  const rows = report.metrics.map((metric) => [
    metric.name,
    shown(metric.mean),
    metric.interval.kind === "interval"
      ? `${metric.interval.low.toFixed(4)} … ${metric.interval.high.toFixed(4)}`
      : metric.interval.because,
    metric.users,
  ]);
  const differences = (report.comparison?.differences ?? []).map((one) => [
    one.name,
    shown(one.baseline_mean),
    shown(one.difference),
    one.interval.kind === "interval"
      ? `${one.interval.low.toFixed(4)} … ${one.interval.high.toFixed(4)}`
      : one.interval.because,
  ]);
  return [
    `${report.title}: ${report.users.scored} users`,
    ...textTable(["metric", "mean", "95 % interval", "users"], rows),
    ...report.exposure.map((one) => `${one.name}  ${shown(one.value)}`),
    ...(differences.length === 0
      ? []
      : [
          "",
          ...textTable(
            [
              `against ${report.baseline ?? ""}`,
              "baseline",
              "difference",
              "95 % interval",
            ],
            differences,
          ),
        ]),
    ...report.quality
      .filter((check) => check.outcome !== "pass")
      .map((check) => `${check.outcome}: ${check.name}: ${check.detail}`),
    ...(report.decision === null
      ? []
      : [
          `decision: ${report.decision.decision}`,
          ...report.decision.reasons.map(
            (one) => `  ${one.outcome} ${one.subject}: ${one.because}`,
          ),
        ]),
  ];
}

function shown(value: ComputedNumber): string {
  return value.kind === "number" ? value.value.toFixed(4) : value.because;
}
