import { HOUR_MS, type BatchResult, type RowResult } from "@recsys/contracts";
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
  const lateAfterMs = rules.config.ingest.late_after_hours * HOUR_MS;
  const written =
    judged.events.length === 0
      ? null
      : await context.store.inTenant(tenant, (tx) =>
          appendEvents(tx, namespace, { rows: judged.events, lateAfterMs }),
        );
  const pseudonyms = judged.events.flatMap(
    (event) => event.subject?.pseudonym ?? [],
  );
  await renewStates(context, place, [...new Set(pseudonyms)]);
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

/** People of larger batches are read when they come. */
const RENEWED_AT_ONCE = 20;

/** The next list of these people, in this process, knows what was just committed. */
async function renewStates(
  { users }: ServiceContext,
  { tenant, namespace }: Place,
  pseudonyms: readonly string[],
): Promise<void> {
  users.forget(tenant, namespace, pseudonyms);
  if (pseudonyms.length > RENEWED_AT_ONCE) return;
  const reads = pseudonyms.map((pseudonym) =>
    users.load(tenant, namespace, pseudonym),
  );
  // The rows are committed: a failing read is the next list's to report.
  await Promise.allSettled(reads);
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
