import type { FieldError } from "@recsys/contracts";
import { RecsysError } from "./recsys-error.ts";

/** The JSON of a good answer; throws RecsysError for everything else. `now`: Unix milliseconds, for Retry-After dates. */
export async function readAnswer(
  response: Response,
  now: number,
): Promise<object> {
  const text = await response.text();
  const body = parseObject(text);
  if (!response.ok) throw failureOf(response, body, now);
  if (body !== null) return body;
  throw new RecsysError({
    kind: "bad-answer",
    code: "BAD_ANSWER",
    status: response.status,
    message: "The answer is not a JSON object.",
  });
}

function failureOf(
  response: Response,
  body: Readonly<Record<string, unknown>> | null,
  now: number,
): RecsysError {
  const { status } = response;
  const retryAfterMs = parseRetryAfter(
    response.headers.get("retry-after"),
    now,
  );
  const code = body === null ? undefined : textOf(body["code"]);
  if (body === null || code === undefined) {
    return new RecsysError({
      kind: "status",
      code: "STATUS",
      status,
      message: `The server answered ${status}.`,
      ...(retryAfterMs !== null && { retryAfterMs }),
    });
  }
  const fix = textOf(body["fix"]);
  const requestId = textOf(body["request_id"]);
  return new RecsysError({
    kind: "problem",
    code,
    status,
    message:
      textOf(body["detail"]) ?? textOf(body["title"]) ?? `${code} (${status})`,
    errors: fieldErrors(body["errors"]),
    ...(fix !== undefined && { fix }),
    ...(requestId !== undefined && { requestId }),
    ...(retryAfterMs !== null && { retryAfterMs }),
  });
}

/** Milliseconds to wait by a Retry-After header: seconds or an HTTP date; null when absent or unreadable. */
function parseRetryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && !Array.isArray(value);
    return isObject
      ? (value as Readonly<Record<string, unknown>> | null)
      : null;
  } catch {
    // Not JSON is an answer too: the callers above say what it means.
    return null;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function fieldErrors(value: unknown): FieldError[] {
  if (!Array.isArray(value)) return [];
  return value.map((each: Readonly<Record<string, unknown>> | null) => ({
    path: textOf(each?.["path"]) ?? "",
    code: textOf(each?.["code"]) ?? "",
    message: textOf(each?.["message"]) ?? "",
  }));
}
