import { BatchedList, BatchListRequest } from "@recsys/contracts";
import Type from "typebox";
import { deprecationHeaders } from "../../deprecations.ts";
import { jsonRoute } from "../../http/route.ts";
import { answerBatch, answerPage } from "../../serving/answer-batch.ts";
import { sharedBy } from "./answer-with.ts";

/** POST /v1/recommend/batch */
export const batchListsRoute = jsonRoute({
  name: "batchLists",
  method: "POST",
  url: "/v1/recommend/batch",
  permission: "recommend:read",
  tag: "lists",
  summary:
    "Up to 20 lists at once, for any people and surfaces; each succeeds or fails alone. One call for batches and for pages, because they differ in one thing only: with `dedupe` at `within_user` the lists of a person do not repeat items, in the order given.",
  body: BatchListRequest,
  answer: Type.Object({
    request_id: Type.String({
      description: "of the call; each list has one of its own",
    }),
    results: Type.Array(BatchedList, {
      description: "in the order of the requests",
    }),
  }),
  handle: async (call) => {
    const { context, body, requestId } = call;
    const answer = body.dedupe === "within_user" ? answerPage : answerBatch;
    const answered = await answer(context, sharedBy(call), body.requests);
    const headers = deprecationHeaders(
      answered.flatMap(({ deprecated }) => deprecated),
    );
    const results = answered.map(({ result }) => result);
    return {
      body: { request_id: requestId, results },
      ...(headers === undefined ? {} : { headers }),
    };
  },
});
