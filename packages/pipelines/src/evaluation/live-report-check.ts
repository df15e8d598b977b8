import type { OfflineReport } from "@recsys/contracts";
import { decisionOf, judgeAgainstReport } from "@recsys/evaluation";
import { jsonObject } from "../manifests/json-object.ts";
import type { Run } from "../runner/run.ts";

/**
 * Where recipes are equal a comparison on the same days says nothing, so the
 * candidate is held against the report of the live manifest as well: a
 * primary metric that surely fell by more than is tolerated fails the gate.
 */
export async function liveReportCheck(
  run: Run,
  report: OfflineReport,
): Promise<OfflineReport> {
  const hash = run.live.manifest?.content.evaluation ?? null;
  const live =
    hash === null ? null : await jsonObject<OfflineReport>(run.objects, hash);
  if (live === null) return report;
  const { thresholds, live_report: policy } = run.parameters.evaluation;
  const reason = judgeAgainstReport(report, live, {
    metric: thresholds.primary.metric,
    non_inferiority_margin: policy.max_drop,
    unit: "relative",
    undecided: policy.undecided,
  });
  const others = report.decision?.reasons ?? [];
  return { ...report, decision: decisionOf([...others, reason]) };
}
