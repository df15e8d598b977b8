import { HOUR_MS, type EventTypePolicy } from "@recsys/contracts";
import { createExposureIndex } from "./exposure-index.ts";
import type { Outcome, SeenItem } from "./outcome.ts";

export type AttributionPolicy = Pick<
  EventTypePolicy,
  "attribution_window_hours" | "attribution_rule"
>;

export type UnmatchedReason = "no_exposure" | "no_user" | "no_policy";

export interface Attribution<O extends Outcome, E extends SeenItem> {
  /** Each outcome once, with what it is credited to: the latest exposure, or under `any_exposure` all in the window, latest first. */
  readonly matched: readonly { outcome: O; exposures: readonly E[] }[];
  /** Exposed, but not within the window before the outcome. */
  readonly outsideWindow: readonly O[];
  readonly unmatched: readonly { outcome: O; reason: UnmatchedReason }[];
  /** Without an exposure yet, and younger than the hour that exposures may take to arrive. */
  readonly pending: readonly O[];
  /** Only contaminated exposures fit. */
  readonly contaminated: readonly O[];
  readonly counts: Readonly<
    Record<
      | "outcomes"
      | "matched"
      | "outsideWindow"
      | "unmatched"
      | "pending"
      | "contaminated",
      number
    >
  >;
}

/** An outcome may arrive before its exposure; after this it counts as unmatched. */
const JOIN_GRACE_MS = HOUR_MS;

/**
 * Joins outcomes of one tenant and namespace to what was seen. With a
 * `requestId` only exposures of that request and item count; without one,
 * those of that item to that user. An exposure fits when
 * 0 ≤ outcome - exposure ≤ the window of the outcome's type.
 */
export function attribute<O extends Outcome, E extends SeenItem>(
  outcomes: Iterable<O>,
  exposures: Iterable<E>,
  o: {
    readonly policies: Readonly<Record<string, AttributionPolicy>>;
    /** Unix milliseconds; outcomes younger than an hour may be pending. */
    readonly now: number;
  },
): Attribution<O, E> {
  const seen = createExposureIndex(exposures);
  const matched: { outcome: O; exposures: readonly E[] }[] = [];
  const outsideWindow: O[] = [];
  const unmatched: { outcome: O; reason: UnmatchedReason }[] = [];
  const pending: O[] = [];
  const contaminated: O[] = [];
  let count = 0;
  for (const outcome of outcomes) {
    count++;
    const place = placeOutcome(outcome, seen.find(outcome), o);
    if (place.kind === "matched") {
      matched.push({ outcome, exposures: place.exposures });
    } else if (place.kind === "unmatched") {
      unmatched.push({ outcome, reason: place.reason });
    } else if (place.kind === "outside-window") outsideWindow.push(outcome);
    else if (place.kind === "pending") pending.push(outcome);
    else contaminated.push(outcome);
  }
  const counts = {
    outcomes: count,
    matched: matched.length,
    outsideWindow: outsideWindow.length,
    unmatched: unmatched.length,
    pending: pending.length,
    contaminated: contaminated.length,
  };
  return { matched, outsideWindow, unmatched, pending, contaminated, counts };
}

type Place<E> =
  | { readonly kind: "matched"; readonly exposures: readonly E[] }
  | { readonly kind: "unmatched"; readonly reason: UnmatchedReason }
  | { readonly kind: "outside-window" | "pending" | "contaminated" };

/** `seen`: exposures that the outcome may be about, latest first. */
function placeOutcome<E extends SeenItem>(
  outcome: Outcome,
  seen: readonly E[],
  o: {
    readonly policies: Readonly<Record<string, AttributionPolicy>>;
    readonly now: number;
  },
): Place<E> {
  const policy = Object.hasOwn(o.policies, outcome.type)
    ? o.policies[outcome.type]
    : undefined;
  if (policy === undefined) return { kind: "unmatched", reason: "no_policy" };
  if (outcome.requestId === null && outcome.userKey === null) {
    return { kind: "unmatched", reason: "no_user" };
  }
  if (seen.length === 0) {
    if (o.now - outcome.ts < JOIN_GRACE_MS) return { kind: "pending" };
    return { kind: "unmatched", reason: "no_exposure" };
  }
  const windowMs = policy.attribution_window_hours * HOUR_MS;
  const inWindow = seen.filter(
    ({ ts }) => ts <= outcome.ts && outcome.ts - ts <= windowMs,
  );
  if (inWindow.length === 0) return { kind: "outside-window" };
  const clean = inWindow.filter(({ contaminated }) => contaminated !== true);
  if (clean.length === 0) return { kind: "contaminated" };
  const last = policy.attribution_rule === "last_exposure";
  return { kind: "matched", exposures: last ? clean.slice(0, 1) : clean };
}
