import { listRuns, type Run } from "@recsys/store";
import Type from "typebox";
import { readRoute } from "../../http/route.ts";
import {
  namespaceIn,
  PAGE_FIELDS,
  pageIn,
  pageOf,
  queryOf,
  toTime,
} from "../shapes.ts";

/** GET /v1/admin/pipelines/runs */
export const listRunsRoute = readRoute({
  name: "listRuns",
  method: "GET",
  url: "/v1/admin/pipelines/runs",
  permission: "pipelines:read",
  tag: "pipelines",
  summary: "Runs of the pipelines with their lineage, newest first.",
  query: queryOf(PAGE_FIELDS),
  answer: pageOf({ run_id: Type.String(), state: Type.String() }),
  handle: async ({ context, caller, query }) => {
    const page = await context.store.inTenant(caller.tenant, (tx) =>
      listRuns(tx, namespaceIn(query), pageIn(query)),
    );
    return { body: { items: page.rows.map(toWire), next_cursor: page.next } };
  },
});

function toWire(run: Run): Record<string, unknown> {
  return {
    run_id: run.runId,
    pipeline: run.pipeline,
    state: run.state,
    owner: run.owner,
    trigger: run.trigger,
    as_of: toTime(run.asOf),
    code_version: run.codeVersion,
    parameters: run.parameters,
    inputs: run.inputs,
    outputs: run.outputs,
    progress: run.progress,
    error: run.error,
    started_at: toTime(run.startedAt),
    finished_at: toTime(run.finishedAt),
  };
}
