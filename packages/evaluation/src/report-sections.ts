import type {
  ComputedInterval,
  ComputedNumber,
  MetricEstimate,
  OfflineReport,
} from "@recsys/contracts";

/** A table as text cells; both renderers print the same ones, so that pages cannot disagree. */
export interface ReportSection {
  readonly title: string;
  readonly notes: readonly string[];
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The sections in reading order: data quality, guardrails, metrics, slices, comparison, decision. */
export function reportSections(report: OfflineReport): ReportSection[] {
  return [
    qualitySection(report),
    guardrailSection(report),
    metricSection(report),
    exposureSection(report),
    sliceSection(report),
    comparisonSection(report),
    decisionSection(report),
  ];
}

/** One line under the title: what was measured, against what, and how the intervals were drawn. */
export function reportSummary(report: OfflineReport): string {
  const { bootstrap, users } = report;
  return [
    `candidate ${report.candidate}`,
    report.baseline === null ? "no baseline" : `baseline ${report.baseline}`,
    `${users.scored} users scored, ${users.skipped} skipped (nothing relevant)`,
    `${confidence(report)} bootstrap intervals, ${bootstrap.resamples} resamples, seed ${bootstrap.seed}`,
  ].join(" · ");
}

function qualitySection(report: OfflineReport): ReportSection {
  return {
    title: "Data quality",
    notes: report.quality.length === 0 ? ["No check was run."] : [],
    header: ["check", "outcome", "rows", "detail"],
    rows: report.quality.map((check) => [
      check.name,
      check.outcome,
      String(check.count),
      check.detail,
    ]),
  };
}

function guardrailSection(report: OfflineReport): ReportSection {
  const reasons = (report.decision?.reasons ?? []).filter(
    ({ part }) => part === "guardrail",
  );
  return {
    title: "Guardrails",
    notes: reasons.length === 0 ? ["None is declared."] : [],
    header: ["guardrail", "outcome", "because"],
    rows: reasons.map((r) => [r.subject, r.outcome, r.because]),
  };
}

function metricSection(report: OfflineReport): ReportSection {
  return {
    title: "Metrics",
    notes: [],
    header: ["metric", "mean", "standard error", confidence(report), "users"],
    rows: report.metrics.map((m) => [m.name, ...estimateCells(m)]),
  };
}

function exposureSection(report: OfflineReport): ReportSection {
  return {
    title: "Beyond accuracy, over all lists",
    notes: ["Counted over all lists, not sampled: these have no interval."],
    header: ["metric", "value", "better"],
    rows: report.exposure.map((e) => [e.name, showNumber(e.value), e.better]),
  };
}

function sliceSection(report: OfflineReport): ReportSection {
  const measured = report.slices.flatMap((slice) =>
    slice.metrics
      .filter((m) => m.users > 0)
      .map((m) => [
        `${slice.key} = ${slice.value}`,
        slice.of,
        m.name,
        ...estimateCells(m),
      ]),
  );
  return {
    title: "Slices",
    notes: measured.length === 0 ? ["No slice was asked for."] : [],
    header: [
      "slice",
      "of",
      "metric",
      "mean",
      "standard error",
      confidence(report),
      "users",
    ],
    rows: measured,
  };
}

function comparisonSection(report: OfflineReport): ReportSection {
  const header = [
    "metric",
    "candidate",
    "baseline",
    "difference",
    confidence(report),
    "relative",
    "users",
  ];
  const title = "Comparison";
  const { comparison, bootstrap } = report;
  if (comparison === null) {
    return { title, header, rows: [], notes: ["There is no baseline."] };
  }
  const notes = [
    `Paired on ${comparison.users_paired} users (only in the candidate: ${comparison.users_only_candidate}, only in the baseline: ${comparison.users_only_baseline}); seed ${bootstrap.seed}.`,
  ];
  const rows = comparison.differences.map((d) => [
    d.name,
    showNumber(d.candidate_mean),
    showNumber(d.baseline_mean),
    showNumber(d.difference),
    showInterval(d.interval),
    showShare(d.relative),
    String(d.users),
  ]);
  const exposure = comparison.exposure.map((e) => [
    e.name,
    showNumber(e.candidate),
    showNumber(e.baseline),
    showDifference(e.candidate, e.baseline),
    "counted",
    "",
    "",
  ]);
  return { title, notes, header, rows: [...rows, ...exposure] };
}

function decisionSection(report: OfflineReport): ReportSection {
  const { decision } = report;
  return {
    title: "Decision",
    notes: [
      decision === null
        ? "No thresholds were given, so nothing was decided."
        : `${decision.decision} (exit code ${decision.exit_code})`,
    ],
    header: ["part", "subject", "outcome", "because"],
    rows: (decision?.reasons ?? []).map((r) => [
      r.part,
      r.subject,
      r.outcome,
      r.because,
    ]),
  };
}

function estimateCells(m: MetricEstimate): string[] {
  return [
    showNumber(m.mean),
    showNumber(m.standard_error),
    showInterval(m.interval),
    String(m.users),
  ];
}

function confidence({ bootstrap }: OfflineReport): string {
  return `${Number((bootstrap.confidence * 100).toFixed(2))} % interval`;
}

function showNumber(value: ComputedNumber): string {
  if (value.kind === "number") return value.value.toFixed(4);
  return `not computable: ${value.because}`;
}

function showShare(value: ComputedNumber): string {
  if (value.kind === "not-computable") return showNumber(value);
  return `${(value.value * 100).toFixed(1)} %`;
}

function showInterval(value: ComputedInterval): string {
  if (value.kind === "not-computable") return showNumber(value);
  return `${value.low.toFixed(4)} to ${value.high.toFixed(4)}`;
}

function showDifference(a: ComputedNumber, b: ComputedNumber): string {
  if (a.kind === "not-computable") return showNumber(a);
  if (b.kind === "not-computable") return showNumber(b);
  return (a.value - b.value).toFixed(4);
}
