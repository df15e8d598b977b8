import {
  BatchResult,
  ExposureInput,
  MINUTE_MS,
  type FieldError,
  type RowResult,
} from "@recsys/contracts";
import { usesImpressions } from "@recsys/ranking";
import { announceSome, appendExposures, type NewExposure } from "@recsys/store";
import {
  batchAnswer,
  rejected,
  rowErrors,
  type BatchRow,
} from "../../http/batch.ts";
import { rowsRoute } from "../../http/route.ts";
import { liveConfig } from "../../ingest/live-config.ts";
import { momentErrors, toMoment } from "../../ingest/moment.ts";
import { identities } from "../../ingest/subjects.ts";
import { countRows } from "../../ingest/write-events.ts";
import { namespaceIn, queryOf } from "../shapes.ts";

/** POST /v1/exposures */
export const appendExposuresRoute = rowsRoute({
  name: "appendExposures",
  method: "POST",
  url: "/v1/exposures",
  permission: "events:write",
  tag: "feedback",
  summary: "Confirm what was really seen of a list.",
  query: queryOf({}),
  row: ExposureInput,
  answer: BatchResult,
  isCreating: true,
  handle: async ({ context, caller, requestId, query, body }) => {
    const { tenant } = caller;
    const namespace = namespaceIn(query);
    const { ingest } = await liveConfig(context, tenant, namespace);
    const judged = judgeExposures(body, {
      who: identities((await context.tenants.get(tenant)).secret),
      latest: context.clock() + ingest.future_tolerance_minutes * MINUTE_MS,
    });
    const live = context.snapshots.peek(tenant, namespace)?.loaded.snapshot;
    const isAsked = live !== undefined && usesImpressions(live);
    const people = judged.rows.flatMap(({ subject }) => subject ?? []);
    const pseudonyms = [...new Set(people.map((one) => one.pseudonym))];
    const written =
      judged.rows.length === 0
        ? []
        : await context.store.inTenant(tenant, async (tx) => {
            const results = await appendExposures(tx, namespace, judged.rows);
            // Where fatigue counts, every replica reads anew who saw something.
            if (isAsked) await announceSome(tx, namespace, { pseudonyms });
            return results;
          });
    if (isAsked) context.users.forget(tenant, namespace, pseudonyms);
    const answer = batchAnswer(requestId, [...written, ...judged.rejections]);
    countRows(context, "exposures", answer);
    return { body: answer };
  },
});

function judgeExposures(
  rows: readonly BatchRow<ExposureInput>[],
  rules: {
    readonly who: ReturnType<typeof identities>;
    /** Unix milliseconds; later times are refused. */
    readonly latest: number;
  },
): { readonly rows: NewExposure[]; readonly rejections: RowResult[] } {
  const judged: NewExposure[] = [];
  const rejections: RowResult[] = [];
  for (const row of rows) {
    const errors = rowErrors(row, (input) => timeErrors(input, rules.latest));
    if (!row.ok || errors.length > 0) {
      rejections.push(rejected(row.row, errors));
      continue;
    }
    const input = row.value;
    judged.push({
      row: row.row,
      requestId: input.request_id,
      itemIds: input.item_ids,
      subject: rules.who.subjectOf(input),
      ts: input.ts === undefined ? null : toMoment(input.ts),
      exposureId: input.exposure_id ?? null,
    });
  }
  return { rows: judged, rejections };
}

function timeErrors(
  input: Partial<ExposureInput>,
  latest: number,
): FieldError[] {
  const errors = momentErrors(input, ["ts"]);
  if (errors.length > 0 || input.ts === undefined) return errors;
  return toMoment(input.ts) <= latest
    ? []
    : [{ path: "/ts", code: "future", message: "lies in the future" }];
}
