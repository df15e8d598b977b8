import { ApiError } from "@recsys/contracts";
import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";
import { decodeCursor, toPage, type Page, type PageRequest } from "./cursor.ts";

/** A report on what one person was shown in a span; times in Unix milliseconds, `to` exclusive. */
export interface AuditReport {
  readonly reportId: string;
  readonly namespace: string;
  readonly userKey: string;
  readonly from: number;
  readonly to: number;
  readonly purpose: string;
  readonly state: "requested" | "approved" | "refused";
  readonly requestedBy: string;
  readonly requestedAt: number;
  readonly decidedBy: string | null;
  readonly decidedAt: number | null;
  readonly note: string | null;
  readonly expiresAt: number | null;
}

const COLUMNS = sql`
  r.report_id as "reportId", r.namespace, r.user_key as "userKey",
  recsys.unix_ms(r.span_from) as "from", recsys.unix_ms(r.span_to) as "to",
  r.purpose, r.state, r.requested_by as "requestedBy",
  recsys.unix_ms(r.requested_at) as "requestedAt",
  r.decided_by as "decidedBy", recsys.unix_ms(r.decided_at) as "decidedAt",
  r.note, recsys.unix_ms(r.expires_at) as "expiresAt"`;

/** Asks for a report; somebody has to approve it. */
export async function requestReport(
  tx: TenantTx,
  namespace: string,
  wanted: Pick<
    AuditReport,
    "userKey" | "from" | "to" | "purpose" | "requestedBy"
  >,
): Promise<AuditReport> {
  const made = await sql<AuditReport>`
    insert into public.audit_reports as r
           (tenant_id, namespace, user_key, span_from, span_to, purpose,
            requested_by)
    values (${tx.tenant}, ${namespace}, ${wanted.userKey}::uuid,
            recsys.from_unix_ms(${wanted.from}::float8),
            recsys.from_unix_ms(${wanted.to}::float8), ${wanted.purpose},
            ${wanted.requestedBy})
    returning ${COLUMNS}`.execute(tx.db);
  const [report] = made.rows;
  if (report === undefined) throw new Error("no report was made");
  return report;
}

/** One report, or null. */
export async function findReport(
  tx: TenantTx,
  reportId: string,
): Promise<AuditReport | null> {
  const found = await sql<AuditReport>`
    select ${COLUMNS} from public.audit_reports r
     where r.tenant_id = ${tx.tenant} and r.report_id = ${reportId}`.execute(
    tx.db,
  );
  return found.rows[0] ?? null;
}

/** A page of reports, the newest first. */
export async function listReports(
  tx: TenantTx,
  namespace: string,
  list: PageRequest,
): Promise<Page<AuditReport>> {
  let onwards = sql``;
  if (list.cursor !== undefined) {
    const [after] = decodeCursor(list.cursor, ["uuid"]);
    onwards = sql`and (r.requested_at, r.report_id) < (
      select b.requested_at, b.report_id from public.audit_reports b
       where b.tenant_id = ${tx.tenant} and b.report_id = ${after}::uuid)`;
  }
  const found = await sql<AuditReport>`
    select ${COLUMNS} from public.audit_reports r
     where r.tenant_id = ${tx.tenant} and r.namespace = ${namespace} ${onwards}
     order by r.requested_at desc, r.report_id desc
     limit ${list.limit + 1}`.execute(tx.db);
  return toPage(found.rows, list.limit, ({ reportId }) => [reportId]);
}

/** Approves or refuses a report that was asked for. Throws NOT_FOUND, and VERSION_CONFLICT when that was done before. */
export async function decideReport(
  tx: TenantTx,
  reportId: string,
  decision: {
    readonly state: "approved" | "refused";
    readonly by: string;
    readonly note: string | null;
    readonly expiresAt: number | null;
  },
): Promise<AuditReport> {
  const moved = await sql<AuditReport>`
    update public.audit_reports r
       set state = ${decision.state}, decided_by = ${decision.by},
           decided_at = recsys.now(), note = ${decision.note},
           expires_at = recsys.from_unix_ms(${decision.expiresAt}::float8)
     where r.tenant_id = ${tx.tenant} and r.report_id = ${reportId}
       and r.state = 'requested'
    returning ${COLUMNS}`.execute(tx.db);
  const [report] = moved.rows;
  if (report !== undefined) return report;
  const found = await findReport(tx, reportId);
  if (found === null) throw new ApiError("NOT_FOUND");
  throw new ApiError("VERSION_CONFLICT", {
    detail: `The report is ${found.state} already.`,
    fix: null,
  });
}
