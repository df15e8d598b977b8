import { RecommendResponse, SimilarRequest } from "@recsys/contracts";
import { jsonRoute } from "../../http/route.ts";
import { LIST_ERRORS, answerWith } from "./answer-with.ts";

/** POST /v1/similar */
export const similarRoute = jsonRoute({
  name: "similar",
  method: "POST",
  url: "/v1/similar",
  permission: "recommend:read",
  tag: "lists",
  summary: "Alternatives and companions of one item.",
  body: SimilarRequest,
  answer: RecommendResponse,
  errors: [...LIST_ERRORS, "ITEM_UNKNOWN"],
  handle: (call) => answerWith(call, { route: "similar", body: call.body }),
});
