import type {
  EventInput,
  ExposureInput,
  OutcomeInput,
} from "@recsys/contracts";

/**
 * Rows with an id each: given ones stay, absent ones are drawn once, so that
 * sending the same rows again is recognised. `newId` defaults to random UUIDs.
 */
export function withEventIds(
  rows: readonly EventInput[],
  newId: () => string = randomId,
): EventInput[] {
  return rows.map((row) => ({ ...row, event_id: row.event_id ?? newId() }));
}

/** As `withEventIds`, for exposures. */
export function withExposureIds(
  rows: readonly ExposureInput[],
  newId: () => string = randomId,
): ExposureInput[] {
  return rows.map((row) => ({
    ...row,
    exposure_id: row.exposure_id ?? newId(),
  }));
}

/** As `withEventIds`, for outcomes. */
export function withOutcomeIds(
  rows: readonly OutcomeInput[],
  newId: () => string = randomId,
): OutcomeInput[] {
  return rows.map((row) => ({ ...row, outcome_id: row.outcome_id ?? newId() }));
}

function randomId(): string {
  return crypto.randomUUID();
}
