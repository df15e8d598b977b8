/** One entry per error code that the product can answer with. Retired codes are never reused. */
export interface ErrorDefinition {
  /** HTTP status. */
  readonly status: number;
  /** What went wrong, in general words. */
  readonly title: string;
  /** What the caller does next. */
  readonly fix: string;
}

export const ERRORS = {
  MALFORMED_HTTP: {
    status: 400,
    title: "The request is not valid HTTP.",
    fix: "Send it with an HTTP library; one that was written by hand needs a Host header and a body as long as it says.",
  },
  MALFORMED_JSON: {
    status: 400,
    title: "The body is not valid JSON.",
    fix: "Send JSON (or one JSON object a line with Content-Type application/x-ndjson).",
  },
  INVALID_REQUEST: {
    status: 422,
    title: "Some fields of the request are not acceptable.",
    fix: "Correct the fields listed in `errors`; each has its path and its code.",
  },
  UNAUTHENTICATED: {
    status: 401,
    title: "The request carries no valid credentials.",
    fix: "Send `Authorization: Bearer <API key>`; `recsys keys issue` makes one.",
  },
  FORBIDDEN: {
    status: 403,
    title: "These credentials do not permit this.",
    fix: "Ask an administrator for a key with the permission named in `detail`.",
  },
  TENANT_MISMATCH: {
    status: 403,
    title: "The credentials and the request name different tenants.",
    fix: "Leave the tenant header out, or send the one that the key belongs to.",
  },
  TENANT_UNKNOWN: {
    status: 403,
    title: "There is no such tenant.",
    fix: "Create it with `recsys tenants create`.",
  },
  NOT_FOUND: {
    status: 404,
    title: "There is nothing at this address.",
    fix: "See /docs for the routes and their parameters.",
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: "This address does not take this method.",
    fix: "Use a method of the Allow header; see /docs.",
  },
  SURFACE_UNKNOWN: {
    status: 404,
    title: "This surface is not registered.",
    fix: "Register it in the `surfaces` section of the configuration, or let the tenant use the default surface for unknown ones.",
  },
  NAMESPACE_UNKNOWN: {
    status: 404,
    title: "This namespace has neither items nor configuration.",
    fix: "Send items to POST /v1/items?namespace=…, or leave the namespace out.",
  },
  ITEM_UNKNOWN: {
    status: 404,
    title: "This item is not in the catalogue.",
    fix: "Send it to POST /v1/items first.",
  },
  DECISION_UNKNOWN: {
    status: 404,
    title: "No decision with this request_id is on record for this tenant.",
    fix: "Decisions appear about a second after the answer and are kept for the retention period.",
  },
  RULE_CASES_FAILED: {
    status: 422,
    title: "The test cases of the rules keep them from going live.",
    fix: "See `errors`: correct the rules or the cases; POST /v1/admin/rules/dry-run tries them without a change.",
  },
  VERSION_CONFLICT: {
    status: 409,
    title: "Somebody else changed this in the meantime.",
    fix: "Read the current version and its ETag, apply your change to it, and send it again.",
  },
  IDEMPOTENCY_CONFLICT: {
    status: 409,
    title:
      "This Idempotency-Key was used with another body, or its first request is still under way.",
    fix: "Use a new key for a new request; repeat one that is under way after Retry-After.",
  },
  ALREADY_EXISTS: {
    status: 409,
    title: "Something with this name exists already.",
    fix: "Choose another name, or change the existing one.",
  },
  ALREADY_RUNNING: {
    status: 409,
    title: "A run of this pipeline is under way.",
    fix: "Wait for it (`recsys pipelines status`) and try again.",
  },
  PRECONDITION_REQUIRED: {
    status: 428,
    title: "This change needs an If-Match header.",
    fix: "Read the section first and send its ETag as If-Match.",
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: "The body is larger than this route takes.",
    fix: "Send smaller batches, or POST /v1/uploads for files.",
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: "This route does not take this content type.",
    fix: "Send application/json or application/x-ndjson.",
  },
  TOO_MANY_REQUESTS: {
    status: 429,
    title: "More requests at a time than are taken.",
    fix: "Wait for the seconds in Retry-After.",
  },
  NOT_READY: {
    status: 503,
    title: "The service has no verified snapshot to answer from yet.",
    fix: "Try again after Retry-After; /health/detailed says what is missing.",
  },
  DATABASE_UNAVAILABLE: {
    status: 503,
    title: "The database does not answer.",
    fix: "Send the same request again after Retry-After: it may or may not have been written, and with ids it is written once.",
  },
  ARTIFACT_INVALID: {
    status: 422,
    title: "An artifact is damaged or does not fit this release.",
    fix: "Run the pipeline again; the last good manifest keeps serving meanwhile.",
  },
  ARTIFACT_TOO_LARGE: {
    status: 413,
    title: "The artifact is larger than DB-only mode takes.",
    fix: "Raise RECSYS_DB_ARTIFACT_MAX_MB, or import into a tenant in artifact mode.",
  },
  LIMIT_EXCEEDED: {
    status: 422,
    title: "The data is larger than a stated limit of this job.",
    fix: "Raise the limit named in `detail`, or narrow the window; nothing was cut silently.",
  },
  QUALITY_FAILED: {
    status: 422,
    title: "The data did not pass its quality checks.",
    fix: "Mend what `detail` names and run again; the live manifest keeps serving meanwhile.",
  },
  FALLBACK_INVALID: {
    status: 422,
    title: "The fallback list did not pass its checks.",
    fix: "Each failed check is in `errors`.",
  },
  UPLOAD_INVALID: {
    status: 422,
    title: "The uploaded file cannot be read as declared.",
    fix: "Check the format, the compression and the column mapping.",
  },
  STORAGE_UNAVAILABLE: {
    status: 507,
    title: "The service has nowhere to keep the file.",
    fix: "Send it again once an operator has made room in RECSYS_HOME, or made it writable; the log has the cause.",
  },
  REPLAY_IMPOSSIBLE: {
    status: 422,
    title: "Something that this decision was made from is gone.",
    fix: "Exact replay is promised for RECSYS_REPLAY_DAYS; `detail` names what is missing.",
  },
  REPORT_NOT_READABLE: {
    status: 409,
    title: "This report is not approved, was refused, or its time is over.",
    fix: "POST to its address with /decision approves one that was asked for; ask for another when it has expired.",
  },
  INTERNAL: {
    status: 500,
    title: "The service failed; this is not the caller's fault.",
    fix: "Report the request_id; the log has the cause.",
  },
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof ERRORS;

/** One field that was not acceptable. */
export interface FieldError {
  /** JSON pointer into the body, such as `/items/3/price`; empty for the whole. */
  readonly path: string;
  /** Machine-readable reason, such as `required`, `type`, `unknown_field`. */
  readonly code: string;
  readonly message: string;
}

export interface ApiErrorFacts {
  /** What happened this time, for people; never a secret or personal data. */
  readonly detail?: string;
  /** What to do in this case, where that of the code does not fit; null where `detail` says it. */
  readonly fix?: string | null;
  readonly errors?: readonly FieldError[];
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** An error that the caller can act on; turned into problem+json in one place. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly facts: ApiErrorFacts;

  constructor(code: ErrorCode, facts: ApiErrorFacts = {}) {
    super(facts.detail ?? ERRORS[code].title, { cause: facts.cause });
    this.name = "ApiError";
    this.code = code;
    this.facts = facts;
  }

  /** What the caller does next; null where the message says it. */
  get fix(): string | null {
    const { fix, errors } = this.facts;
    if (fix !== undefined) return fix;
    // It sends to the list of fields.
    if (this.code === "INVALID_REQUEST" && errors === undefined) return null;
    return ERRORS[this.code].fix;
  }
}
