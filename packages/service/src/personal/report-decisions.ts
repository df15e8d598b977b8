import { listDecisions, type AuditReport, type TenantTx } from "@recsys/store";
import type { ReportFacts } from "../pages/report-page.ts";

/** A page of more nobody reads, and a browser hardly. */
const MOST_DECISIONS = 200;

/** The decisions that a report is about, newest first. */
export async function readReportDecisions(
  tx: TenantTx,
  report: Pick<AuditReport, "namespace" | "userKey" | "from" | "to">,
): Promise<Pick<ReportFacts, "decisions" | "isCut">> {
  const { namespace, userKey, from, to } = report;
  const page = await listDecisions(tx, namespace, {
    limit: MOST_DECISIONS,
    filter: { userKey, from, to },
  });
  return { decisions: page.rows, isCut: page.next !== null };
}
