import { DAY_MS } from "@recsys/contracts";
import type { Identity, NewEvent } from "../../src/index.ts";

export function userIdentity(id: string): Identity {
  return { kind: "user", pseudonym: `pu-${id}`, externalId: id };
}

export function anonymousIdentity(id: string): Identity {
  return { kind: "anonymous", pseudonym: `pa-${id}`, externalId: id };
}

export function sessionIdentity(id: string): Identity {
  return { kind: "session", pseudonym: `ps-${id}`, externalId: id };
}

/** 2026-03-02T12:00:00Z, a Monday: before the real clock of any test. */
export const MONDAY_NOON = Date.UTC(2026, 2, 2, 12);

/** A view of item `a` by user `u1` on Monday noon, unless said otherwise. */
function newEvent(fields: Partial<NewEvent> = {}): NewEvent {
  return {
    row: 0,
    subject: userIdentity("u1"),
    type: "view",
    itemId: "a",
    ts: MONDAY_NOON,
    ...fields,
  };
}

/** Events as one batch, rows numbered, late after a day. */
export function batchOf(...rows: readonly Partial<NewEvent>[]) {
  return {
    rows: rows.map((fields, row) => newEvent({ ...fields, row })),
    lateAfterMs: DAY_MS,
  };
}
