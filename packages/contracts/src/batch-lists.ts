import Type, { type Static } from "typebox";
import { RecommendResponse } from "./list-answer.ts";

/** Most lists of one call. */
const MOST_LISTS_AT_ONCE = 20;

/** POST /v1/recommend/batch: several lists at once, such as those of one page. */
export const BatchListRequest = Type.Object(
  {
    requests: Type.Array(
      Type.Record(Type.String(), Type.Unknown(), {
        description:
          "a body of POST /v1/recommend; with `item_id` one of POST /v1/similar, with `item_ids` one of POST /v1/rerank",
      }),
      { minItems: 1, maxItems: MOST_LISTS_AT_ONCE },
    ),
    dedupe: Type.Optional(
      Type.Union([Type.Literal("none"), Type.Literal("within_user")], {
        default: "none",
        description:
          "within_user: the lists of one person do not repeat items; the earlier one has them",
      }),
    ),
  },
  { additionalProperties: false },
);
export type BatchListRequest = Static<typeof BatchListRequest>;

/** The answer to one request of a batch, in its place: a list or a problem. */
export const BatchedList = Type.Object({
  status: Type.Integer({ description: "what the route alone would answer" }),
  list: Type.Optional(RecommendResponse),
  problem: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), {
      description: "RFC 9457, with code, request_id and errors",
    }),
  ),
});
export type BatchedList = Static<typeof BatchedList>;
