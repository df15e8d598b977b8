import type { OfflineReport, QualityCheck } from "@recsys/contracts";
import { gate } from "@recsys/evaluation";
import { jsonObject } from "../manifests/json-object.ts";
import type { Run } from "../runner/run.ts";

/** The primary metric of the same recipe halves from one run to the next only when the data broke. */
const LARGEST_DROP = 0.5;

/**
 * Where recipes are equal a comparison on the same days says nothing, so the
 * candidate is held against the report of the live manifest: a primary metric
 * that fell by more than half fails the gate.
 */
export async function liveReportCheck(
  run: Run,
  report: OfflineReport,
): Promise<OfflineReport> {
  const hash = run.live.manifest?.content.evaluation ?? null;
  const live =
    hash === null ? null : await jsonObject<OfflineReport>(run.objects, hash);
  if (live === null) return report;
  const { thresholds } = run.parameters.evaluation;
  const { metric } = thresholds.primary;
  const now = meanOf(report, metric);
  const before = meanOf(live, metric);
  if (now === null || before === null) return report;
  const hasBroken = now < before * (1 - LARGEST_DROP);
  const check: QualityCheck = {
    name: "against_live_report",
    outcome: hasBroken ? "fail" : "pass",
    count: 0,
    detail: `${metric} is ${now.toFixed(4)}, ${before.toFixed(4)} in the report of the live manifest`,
  };
  const checked = { ...report, quality: [...report.quality, check] };
  return {
    ...checked,
    decision: gate(checked, checked.comparison, thresholds),
  };
}

function meanOf(report: OfflineReport, name: string): number | null {
  const found = report.metrics.find((each) => each.name === name);
  return found?.mean.kind === "number" ? found.mean.value : null;
}
