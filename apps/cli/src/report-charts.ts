import type { MetricEstimate, OfflineReport } from "@recsys/contracts";
import type { ReportChart } from "@recsys/evaluation";
import { BarChart } from "echarts/charts";
import {
  GridComponent,
  LegendComponent,
  TooltipComponent,
} from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

const WIDTH = 860;

/** Bars that put the candidate beside the baseline, and what the slices make of the first metric: SVG drawn without a browser. */
export function barCharts(report: OfflineReport): ReportChart[] {
  return [againstBaseline(report), ...bySlice(report)].filter(
    (chart) => chart !== null,
  );
}

interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

function againstBaseline(report: OfflineReport): ReportChart | null {
  const names = report.metrics.map((metric) => metric.name);
  const series: Series[] = [
    { name: report.candidate, values: report.metrics.map(meanOf) },
  ];
  const { comparison, baseline } = report;
  if (comparison !== null && baseline !== null) {
    const means = new Map(
      comparison.differences.map((one) => [one.name, one.baseline_mean]),
    );
    const values = names.map((name) => {
      const mean = means.get(name);
      return mean?.kind === "number" ? mean.value : null;
    });
    series.push({ name: baseline, values });
  }
  return bars("Mean of each metric over users", names, series);
}

function bySlice(report: OfflineReport): ReportChart[] {
  const first = report.metrics[0]?.name;
  const keys = [...new Set(report.slices.map((slice) => slice.key))];
  return keys.flatMap((key) => {
    const slices = report.slices.filter((slice) => slice.key === key);
    const values = slices.map((slice) => {
      const metric = slice.metrics.find((one) => one.name === first);
      return metric === undefined ? null : meanOf(metric);
    });
    const chart = bars(
      `${first ?? ""} by ${key}`,
      slices.map((slice) => slice.value),
      [{ name: first ?? "", values }],
    );
    return chart === null ? [] : [chart];
  });
}

function meanOf(metric: MetricEstimate): number | null {
  return metric.mean.kind === "number" ? metric.mean.value : null;
}

function bars(
  title: string,
  categories: readonly string[],
  series: readonly Series[],
): ReportChart | null {
  if (categories.length === 0) return null;
  const height = 70 + categories.length * (16 + 14 * series.length);
  const chart = init(null, null, {
    renderer: "svg",
    ssr: true,
    width: WIDTH,
    height,
  });
  chart.setOption({
    animation: false,
    legend: { top: 0, show: series.length > 1 },
    grid: {
      left: 170,
      right: 60,
      top: series.length > 1 ? 30 : 10,
      bottom: 30,
    },
    xAxis: { type: "value" },
    // The first category stands at the top.
    yAxis: { type: "category", data: [...categories], inverse: true },
    series: series.map(({ name, values }) => ({
      type: "bar",
      name,
      data: [...values],
      label: {
        show: true,
        position: "right",
        formatter: (bar: { value: unknown }) => shown(bar.value),
      },
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return { title, svg };
}

function shown(value: unknown): string {
  return typeof value === "number" ? value.toFixed(4) : "";
}
