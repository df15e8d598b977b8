import type { BatchResult, RowResult } from "@recsys/contracts";
import { appendEvents } from "@recsys/store";
import type { ServiceContext } from "../context.ts";
import { batchAnswer } from "../http/batch.ts";
import type { EventRules, JudgedEvents } from "./event-rows.ts";

interface Place {
  readonly tenant: string;
  readonly namespace: string;
  readonly requestId: string;
  readonly noun: "events" | "outcomes";
}

/** Writes judged events in one transaction; the states of the people concerned are read anew after it. */
export async function writeEvents(
  context: ServiceContext,
  place: Place,
  work: { readonly judged: JudgedEvents; readonly rules: EventRules },
): Promise<BatchResult> {
  const { tenant, namespace } = place;
  const { judged, rules } = work;
  const lateAfterMs = rules.config.ingest.late_after_hours * 3_600_000;
  const written =
    judged.events.length === 0
      ? null
      : await context.store.inTenant(tenant, (tx) =>
          appendEvents(tx, namespace, { rows: judged.events, lateAfterMs }),
        );
  const pseudonyms = judged.events.flatMap(
    (event) => event.subject?.pseudonym ?? [],
  );
  context.users.forget(tenant, namespace, [...new Set(pseudonyms)]);
  const results = (written?.results ?? []).map((result): RowResult => {
    const warnings = judged.warnings.get(result.row);
    return warnings === undefined
      ? result
      : { ...result, warnings: [...warnings] };
  });
  const answer = batchAnswer(place.requestId, [
    ...results,
    ...judged.rejections,
  ]);
  countRows(context, place.noun, answer);
  context.metrics.late.inc(written?.late ?? 0);
  context.metrics.withoutId.inc(written?.withoutId ?? 0);
  return answer;
}

/** Counts the rows of a batch by result. */
export function countRows(
  context: ServiceContext,
  noun: string,
  answer: BatchResult,
): void {
  for (const result of ["accepted", "duplicate", "rejected"] as const) {
    context.metrics.rows.inc({ noun, result }, answer[result]);
  }
}
