import { RecommendResponse, RerankRequest } from "@recsys/contracts";
import { jsonRoute } from "../../http/route.ts";
import { LIST_ERRORS, answerWith } from "./answer-with.ts";

/** POST /v1/rerank */
export const rerankRoute = jsonRoute({
  name: "rerank",
  method: "POST",
  url: "/v1/rerank",
  permission: "recommend:read",
  tag: "lists",
  summary: "The caller's candidates in a better order; none is added.",
  body: RerankRequest,
  answer: RecommendResponse,
  errors: LIST_ERRORS,
  handle: (call) => answerWith(call, { route: "rerank", body: call.body }),
});
