import { ApiError, Timestamp } from "@recsys/contracts";
import Type from "typebox";
import { jsonRoute } from "../../http/route.ts";
import { momentErrors, toMoment } from "../../ingest/moment.ts";
import { closed, namespaceIn, queryOf } from "../shapes.ts";

/** POST /v1/admin/pipelines/runs */
export const startRunRoute = jsonRoute({
  name: "startRun",
  method: "POST",
  url: "/v1/admin/pipelines/runs",
  permission: "pipelines:run",
  tag: "pipelines",
  summary:
    "Start a run: learn from what is known as of a moment, evaluate, publish.",
  query: queryOf({}),
  body: closed({
    jobs: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
        minItems: 1,
        maxItems: 50,
        description: "all when left out",
      }),
    ),
    as_of: Type.Optional(Timestamp),
  }),
  answer: Type.Object({ run_id: Type.String() }),
  answerStatus: 202,
  errors: ["ALREADY_RUNNING", "NOT_READY"],
  isCreating: true,
  handle: async ({ context, caller, query, body }) => {
    if (context.runPipeline === null) {
      throw new ApiError("NOT_READY", {
        detail: "This process runs no pipelines; a worker does.",
        retryAfterSeconds: 60,
      });
    }
    const errors = momentErrors(body, ["as_of"]);
    if (errors.length > 0) throw new ApiError("INVALID_REQUEST", { errors });
    const { runId } = await context.runPipeline({
      tenant: caller.tenant,
      namespace: namespaceIn(query),
      trigger: "api",
      ...(body.jobs === undefined ? {} : { jobs: body.jobs }),
      ...(body.as_of === undefined ? {} : { asOf: toMoment(body.as_of) }),
    });
    return { status: 202, body: { run_id: runId } };
  },
});
