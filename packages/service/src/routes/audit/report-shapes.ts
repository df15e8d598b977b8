import type { AuditReport } from "@recsys/store";
import Type from "typebox";
import { closed, toTime } from "../shapes.ts";

export const ReportParams = closed({
  report_id: Type.String({ format: "uuid" }),
});

export const Report = Type.Object({
  report_id: Type.String(),
  state: Type.String({
    description: "requested, approved, refused or expired",
  }),
  from: Type.String(),
  to: Type.String(),
  purpose: Type.String(),
  requested_by: Type.String(),
  requested_at: Type.String(),
  decided_by: Type.Union([Type.String(), Type.Null()]),
  self_approved: Type.Boolean(),
  note: Type.Union([Type.String(), Type.Null()]),
  expires_at: Type.Union([Type.String(), Type.Null()]),
});

/** Approved, and its time is not over. */
export function isReadable(report: AuditReport, now: number): boolean {
  return report.state === "approved" && now < (report.expiresAt ?? 0);
}

/** A report as the API shows it; whom it is about is in the page alone. */
export function toReport(report: AuditReport, now: number): object {
  const isOver = report.state === "approved" && !isReadable(report, now);
  return {
    report_id: report.reportId,
    state: isOver ? "expired" : report.state,
    from: toTime(report.from),
    to: toTime(report.to),
    purpose: report.purpose,
    requested_by: report.requestedBy,
    requested_at: toTime(report.requestedAt),
    decided_by: report.decidedBy,
    self_approved:
      report.state === "approved" && report.decidedBy === report.requestedBy,
    note: report.note,
    expires_at: toTime(report.expiresAt),
  };
}
