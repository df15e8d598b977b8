import type { OfflineReport } from "@recsys/contracts";
import { intervalChart, type IntervalRow } from "./interval-chart.ts";
import type { ReportChart } from "./render-html.ts";

/** The charts every report can draw from its own numbers: means, differences to the baseline, slices of the first metric. */
export function reportCharts(report: OfflineReport): ReportChart[] {
  const means = report.metrics.map((m) => ({
    label: m.name,
    estimate: m.mean,
    interval: m.interval,
  }));
  const differences = (report.comparison?.differences ?? []).map((d) => ({
    label: d.name,
    estimate: d.difference,
    interval: d.interval,
  }));
  return [
    ...chart("Metrics with their intervals", means),
    ...chart("Difference to the baseline", differences),
    ...chart("The first metric by slice", sliceRows(report)),
  ];
}

function sliceRows(report: OfflineReport): IntervalRow[] {
  return report.slices.flatMap(({ key, value, metrics }) => {
    const first = metrics[0];
    if (first === undefined) return [];
    const label = `${key} = ${value}`;
    return [{ label, estimate: first.mean, interval: first.interval }];
  });
}

function chart(title: string, rows: readonly IntervalRow[]): ReportChart[] {
  const svg = intervalChart(rows);
  return svg === null ? [] : [{ title, svg }];
}
