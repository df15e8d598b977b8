import {
  ApiError,
  ERRORS,
  type ErrorCode,
  type FieldError,
} from "@recsys/contracts";

/** An error answer of RFC 9457, with the members that ours always have. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** Absent where `detail` says it. */
  readonly fix?: string;
  readonly request_id: string;
  readonly errors?: readonly FieldError[];
}

/** Codes of Fastify's own errors about the body or the address, and what they mean here. */
const FASTIFY_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "BODY_TOO_LARGE",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "UNSUPPORTED_MEDIA_TYPE",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "MALFORMED_JSON",
  FST_ERR_CTP_EMPTY_JSON_BODY: "MALFORMED_JSON",
  FST_ERR_BAD_URL: "NOT_FOUND",
  FST_STATIC_FORBIDDEN_PATH: "NOT_FOUND",
  FST_ERR_MAX_PARAM_LENGTH: "NOT_FOUND",
};

/** What any thrown value is to the caller; a defect becomes INTERNAL and never the caller's fault. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const known = FASTIFY_CODES[codeOf(error)];
  if (known !== undefined) return new ApiError(known, { cause: error });
  return new ApiError("INTERNAL", { cause: error });
}

/** Whether the error, or what caused it, says that the database is down, not that the query was wrong. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof ApiError && error.code === "DATABASE_UNAVAILABLE") {
    return true;
  }
  return error instanceof Error && isUnreachable(error.cause);
}

function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "";
}

/** The body of an error answer. */
export function toProblem(error: ApiError, requestId: string): Problem {
  const { status, title } = ERRORS[error.code];
  const { fix } = error;
  return {
    type: `urn:recsys:error:${error.code}`,
    title,
    status,
    code: error.code,
    detail: error.facts.detail ?? title,
    ...(fix === null ? {} : { fix }),
    request_id: requestId,
    ...(error.facts.errors === undefined ? {} : { errors: error.facts.errors }),
  };
}
