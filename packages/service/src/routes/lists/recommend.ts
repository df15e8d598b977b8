import { RecommendRequest, RecommendResponse } from "@recsys/contracts";
import { jsonRoute } from "../../http/route.ts";
import { LIST_ERRORS, answerWith } from "./answer-with.ts";

/** POST /v1/recommend */
export const recommendRoute = jsonRoute({
  name: "recommend",
  method: "POST",
  url: "/v1/recommend",
  permission: "recommend:read",
  tag: "lists",
  summary: "A ranked list for a surface, with reasons.",
  body: RecommendRequest,
  answer: RecommendResponse,
  errors: LIST_ERRORS,
  handle: (call) => answerWith(call, { route: "recommend", body: call.body }),
});
