import type {
  GateThresholds,
  OfflineReport,
  QualityCheck,
} from "@recsys/contracts";
import { compareRuns } from "./compare-runs.ts";
import type { EvaluationResult } from "./evaluation.ts";
import { gate } from "./gate.ts";

export interface OfflineReportParts {
  readonly title: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly candidate: {
    readonly name: string;
    readonly result: EvaluationResult;
  };
  readonly baseline: {
    readonly name: string;
    readonly result: EvaluationResult;
  } | null;
  readonly quality: readonly QualityCheck[];
  /** What one needs to repeat the run: split, windows, versions. */
  readonly facts: OfflineReport["facts"];
  /** null: the report carries no decision. */
  readonly thresholds: GateThresholds | null;
}

/** Puts a report together: comparison on the same users, and the gate's decision where thresholds are given. */
export function buildOfflineReport(parts: OfflineReportParts): OfflineReport {
  const { candidate, baseline, thresholds } = parts;
  const { result } = candidate;
  const comparison =
    baseline === null ? null : compareRuns(result, baseline.result);
  const report: OfflineReport = {
    schema_version: 1,
    kind: "offline",
    title: parts.title,
    created_at: parts.createdAt,
    candidate: candidate.name,
    baseline: baseline?.name ?? null,
    facts: parts.facts,
    bootstrap: { ...result.bootstrap },
    quality: [...parts.quality],
    users: { ...result.users },
    metrics: [...result.metrics],
    exposure: [...result.exposure],
    slices: [...result.slices],
    comparison,
    decision: null,
  };
  if (thresholds === null) return report;
  return { ...report, decision: gate(report, comparison, thresholds) };
}
