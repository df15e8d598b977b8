import type { FieldError } from "./errors.ts";
import type { UserState } from "./user.ts";

/** The event types between which a return connects. */
export const PURCHASE = "purchase";
export const RETURN = "return";

/** What a return without the order that it undoes is refused with; null for all else. */
export function returnProblem(input: {
  readonly type?: string;
  readonly order_id?: string;
}): FieldError | null {
  return input.type === RETURN && input.order_id === undefined
    ? {
        path: "/order_id",
        code: "required",
        message: "a return names the order of the purchase that it undoes",
      }
    : null;
}

/** The user state without the purchases that were returned: same order, same item. */
export function withoutReturned(state: UserState): UserState {
  const { events } = state;
  if (!events.some(({ type }) => type === RETURN)) return state;
  const keyOf = (event: UserState["events"][number]): string =>
    JSON.stringify([event.order_id, event.item_id]);
  const returns = events.filter(({ type }) => type === RETURN);
  const undone = new Set(returns.map(keyOf));
  return {
    ...state,
    events: events.filter(
      (event) =>
        event.type !== PURCHASE ||
        event.order_id === undefined ||
        !undone.has(keyOf(event)),
    ),
  };
}
