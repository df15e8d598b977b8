import type { ErrorCode } from "@recsys/contracts";
import { requirePermission } from "../../auth/authenticate.ts";
import type { Answer, Call } from "../../http/route.ts";
import { answerList } from "../../serving/answer.ts";
import type { Asked } from "../../serving/normalise.ts";

/** Codes of the routes that answer with lists. */
export const LIST_ERRORS: readonly ErrorCode[] = [
  "SURFACE_UNKNOWN",
  "NAMESPACE_UNKNOWN",
  "NOT_READY",
];

/** Header by which operators have the whole trace of a request logged. */
const TRACE_HEADER = "x-recsys-trace";

/** The list for a checked request. */
export async function answerWith(
  call: Call<unknown, unknown, unknown>,
  asked: Asked,
): Promise<Answer> {
  const { context, caller, requestId, headers } = call;
  const isTraced = headers[TRACE_HEADER] === "full";
  if (isTraced) requirePermission(caller, "recommend:override");
  const language = headers["accept-language"];
  const list = {
    caller,
    requestId,
    asked,
    isTraced,
    ...(typeof language === "string" ? { acceptLanguage: language } : {}),
  };
  return { body: await answerList(context, list) };
}
