import type { QualityCheck } from "@recsys/contracts";

/** Rows of test data that a check looks at. */
export interface TestInteraction {
  readonly eventId?: string;
  readonly userId: string;
  readonly itemId: string;
  /** Unix milliseconds. */
  readonly ts: number;
}

/** Fails when test interactions are not later than the end of training (Unix milliseconds): the future must not teach the past. */
export function checkTimeOrder(
  test: Iterable<TestInteraction>,
  trainEnd: number,
): QualityCheck {
  let early = 0;
  for (const { ts } of test) if (!(ts > trainEnd)) early++;
  return check({
    name: "test_after_train",
    count: early,
    bad: `${early} test interactions are not later than the end of training`,
    good: "every test interaction is later than the end of training",
  });
}

/** Fails when an event is in both parts. Events without an id cannot be compared and are not counted. */
export function checkSharedEvents(
  test: Iterable<TestInteraction>,
  trainEventIds: ReadonlySet<string>,
): QualityCheck {
  let shared = 0;
  for (const { eventId } of test) {
    if (eventId !== undefined && trainEventIds.has(eventId)) shared++;
  }
  return check({
    name: "no_shared_events",
    count: shared,
    bad: `${shared} events are in both training and test`,
    good: "no event is in both training and test",
  });
}

/** Fails when lists that promise new items hold one that the user had in training. */
export function checkOnlyNewItems(
  lists: ReadonlyMap<string, readonly string[]>,
  seen: (userId: string) => ReadonlySet<string>,
): QualityCheck {
  let repeated = 0;
  for (const [userId, list] of lists) {
    const known = seen(userId);
    for (const item of list) if (known.has(item)) repeated++;
  }
  return check({
    name: "only_new_items",
    count: repeated,
    bad: `${repeated} listed items were in their user's training window`,
    good: "no list holds an item of its user's training window",
  });
}

/** Warns when wanted items are not in the catalogue: no list could have held them. */
export function checkKnownItems(
  test: Iterable<TestInteraction>,
  catalogue: ReadonlySet<string>,
): QualityCheck {
  let unknown = 0;
  for (const { itemId } of test) if (!catalogue.has(itemId)) unknown++;
  return {
    name: "wanted_items_known",
    outcome: unknown === 0 ? "pass" : "warn",
    count: unknown,
    detail:
      unknown === 0
        ? "every test interaction is with an item of the catalogue"
        : `${unknown} test interactions are with items outside the catalogue; they count as missed`,
  };
}

function check(o: {
  readonly name: string;
  readonly count: number;
  readonly bad: string;
  readonly good: string;
}): QualityCheck {
  return {
    name: o.name,
    outcome: o.count === 0 ? "pass" : "fail",
    count: o.count,
    detail: o.count === 0 ? o.good : o.bad,
  };
}
