import type { ErrorCode } from "@recsys/contracts";
import { requirePermission } from "../../auth/authenticate.ts";
import type { Answer, Call } from "../../http/route.ts";
import { deprecationHeaders } from "../../deprecations.ts";
import type { BatchCall } from "../../serving/answer-batch.ts";
import { answerList } from "../../serving/answer.ts";
import { namespaceOf, type Asked } from "../../serving/normalise.ts";

/** Codes of the routes that answer with lists. */
export const LIST_ERRORS: readonly ErrorCode[] = [
  "SURFACE_UNKNOWN",
  "NAMESPACE_UNKNOWN",
  "NOT_READY",
];

/** Header by which operators have the whole trace of a request logged. */
const TRACE_HEADER = "x-recsys-trace";

/** What is the same for every list of a call. Throws FORBIDDEN for a trace without its permission. */
export function sharedBy({
  caller,
  headers,
}: Pick<Call<unknown, unknown, unknown>, "caller" | "headers">): BatchCall {
  const isTraced = headers[TRACE_HEADER] === "full";
  if (isTraced) requirePermission(caller, "recommend:override");
  const language = headers["accept-language"];
  return {
    caller,
    isTraced,
    ...(typeof language === "string" ? { acceptLanguage: language } : {}),
  };
}

/** The list for a checked request. */
export async function answerWith(
  call: Call<unknown, unknown, unknown>,
  asked: Asked,
): Promise<Answer> {
  const { context, caller, requestId } = call;
  const list = { ...sharedBy(call), requestId, asked };
  const { response, deprecated } = await answerList(context, list);
  context.deprecations.note(caller, namespaceOf(asked), deprecated);
  const headers = deprecationHeaders(deprecated);
  return { body: response, ...(headers === undefined ? {} : { headers }) };
}
