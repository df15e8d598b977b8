import { ApiError, DAY_MS, Timestamp } from "@recsys/contracts";
import {
  appendAudit,
  decideReport,
  findReport,
  listReports,
  requestReport,
} from "@recsys/store";
import Type from "typebox";
import { jsonRoute, readRoute } from "../../http/route.ts";
import { toMoment } from "../../ingest/moment.ts";
import { identities } from "../../ingest/subjects.ts";
import { htmlPage } from "../../pages/html-page.ts";
import { reportPage } from "../../pages/report-page.ts";
import { EXPORT_DAYS, seePeople } from "../../personal/see-people.ts";
import { readReportDecisions } from "../../personal/report-decisions.ts";
import { keyOf } from "../events/filter.ts";
import {
  closed,
  namespaceIn,
  PAGE_FIELDS,
  pageIn,
  PERSON_FIELDS,
  queryOf,
} from "../shapes.ts";
import { isReadable, Report, ReportParams, toReport } from "./report-shapes.ts";

/** POST /v1/audit/reports */
export const requestReportRoute = jsonRoute({
  name: "requestAuditReport",
  method: "POST",
  url: "/v1/audit/reports",
  permission: "records:read",
  tag: "audit",
  summary:
    "Ask for a page with every list that one person was shown in a span. Somebody with personal:read has to approve it.",
  query: queryOf({}),
  body: closed({
    ...PERSON_FIELDS,
    from: Timestamp,
    to: Timestamp,
    purpose: Type.String({ minLength: 1, maxLength: 500 }),
  }),
  answer: Report,
  answerStatus: 201,
  isCreating: true,
  handle: async ({ context, caller, query, body }) => {
    const { tenant } = caller;
    const namespace = namespaceIn(query);
    const who = identities((await context.tenants.get(tenant)).secret);
    const person = who.subjectOf(body);
    const from = toMoment(body.from);
    const to = toMoment(body.to);
    if (person === null || !(to > from)) {
      throw new ApiError("INVALID_REQUEST", {
        errors: [
          person === null
            ? {
                path: "/user_id",
                code: "required",
                message: "name one person: user_id, anonymous_id or session_id",
              }
            : { path: "/to", code: "range", message: "must be after from" },
        ],
      });
    }
    const report = await context.store.inTenant(tenant, async (tx) =>
      requestReport(tx, namespace, {
        userKey: await keyOf(tx, namespace, person.pseudonym),
        from,
        to,
        purpose: body.purpose,
        requestedBy: caller.principal.id,
      }),
    );
    return { status: 201, body: toReport(report, context.clock()) };
  },
});

/** GET /v1/audit/reports */
export const listReportsRoute = readRoute({
  name: "listAuditReports",
  method: "GET",
  url: "/v1/audit/reports",
  permission: "records:read",
  tag: "audit",
  summary: "Reports on people that were asked for, newest first.",
  query: queryOf(PAGE_FIELDS),
  answer: Type.Object({
    items: Type.Array(Report),
    next_cursor: Type.Union([Type.String(), Type.Null()]),
  }),
  handle: async ({ context, caller, query }) => {
    const page = await context.store.inTenant(caller.tenant, (tx) =>
      listReports(tx, namespaceIn(query), pageIn(query)),
    );
    const now = context.clock();
    const items = page.rows.map((report) => toReport(report, now));
    return { body: { items, next_cursor: page.next } };
  },
});

/** POST /v1/audit/reports/:report_id/decision */
export const decideReportRoute = jsonRoute({
  name: "decideAuditReport",
  method: "POST",
  url: "/v1/audit/reports/:report_id/decision",
  permission: "personal:read",
  tag: "audit",
  summary:
    "Approve or refuse a report on a person. Approved, it can be read for 30 days.",
  params: ReportParams,
  body: closed({
    decision: Type.Union([Type.Literal("approved"), Type.Literal("refused")]),
    note: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
  }),
  answer: Report,
  errors: ["NOT_FOUND", "VERSION_CONFLICT"],
  isCreating: true,
  handle: async ({ context, caller, params, body }) => {
    const now = context.clock();
    const { principal } = caller;
    const isApproved = body.decision === "approved";
    const report = await context.store.inTenant(caller.tenant, async (tx) => {
      const decided = await decideReport(tx, params.report_id, {
        state: body.decision,
        by: principal.id,
        note: body.note ?? null,
        expiresAt: isApproved ? now + EXPORT_DAYS * DAY_MS : null,
      });
      await appendAudit(tx, {
        actor: principal.id,
        actorKind: principal.kind,
        action: `report.${isApproved ? "approve" : "refuse"}`,
        subject: params.report_id,
        details: { self_approved: decided.requestedBy === principal.id },
      });
      return decided;
    });
    return { body: toReport(report, now) };
  },
});

/** GET /v1/audit/reports/:report_id */
export const readReportRoute = readRoute({
  name: "readAuditReport",
  method: "GET",
  url: "/v1/audit/reports/:report_id",
  permission: "records:read",
  tag: "audit",
  summary:
    "An approved report as one HTML page; without personal:read the person's name, history and traits are left out.",
  params: ReportParams,
  answer: Type.String({ description: "a page: text/html" }),
  errors: ["NOT_FOUND", "REPORT_NOT_READABLE"],
  handle: async (call) => {
    const { context, caller, params } = call;
    const page = await context.store.inTenant(caller.tenant, async (tx) => {
      const report = await findReport(tx, params.report_id);
      if (report === null) throw new ApiError("NOT_FOUND");
      if (!isReadable(report, context.clock())) {
        const { state } = report;
        throw new ApiError("REPORT_NOT_READABLE", {
          detail: `The report is ${state === "approved" ? "expired" : state}.`,
        });
      }
      const found = await readReportDecisions(tx, report);
      const sight = await seePeople(tx, call, {
        namespace: report.namespace,
        kind: "report",
        rows: found.decisions.length,
        purpose: report.purpose,
        about: report.userKey,
      });
      return reportPage({
        ...report,
        ...found,
        person: sight.keyOf(report.userKey),
        approvedBy: report.decidedBy ?? "",
        isPersonal: sight.isPersonal,
      });
    });
    return {
      text: { type: "text/html; charset=utf-8", value: htmlPage(page) },
    };
  },
});
