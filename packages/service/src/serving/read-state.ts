import type { AttributeValue, Degradation, UserState } from "@recsys/contracts";
import {
  identityOf,
  pseudonymOf,
  type Identifiers,
} from "../auth/pseudonym.ts";
import type { ServiceContext } from "../context.ts";
import { within } from "../within.ts";
import { EMPTY_STATE } from "./user-states.ts";

/** Who a list is for and what is known of them. */
export interface Subject {
  readonly pseudonym: string | null;
  readonly state: UserState;
  readonly degraded: readonly Degradation[];
}

interface Wanted {
  readonly tenant: string;
  readonly namespace: string;
  readonly secret: Buffer;
  readonly user:
    | (Identifiers & { readonly recent_item_ids?: readonly string[] })
    | undefined;
  readonly traits: Readonly<Record<string, AttributeValue>>;
  readonly now: number;
  /** How long a read of the database may take. */
  readonly budgetMs: number;
}

/**
 * The state of the person in the request: from memory, or by one indexed read
 * within the budget. A read that is late or fails leaves an empty state and
 * says so.
 */
export async function readSubject(
  context: ServiceContext,
  wanted: Wanted,
): Promise<Subject> {
  const identity = identityOf(wanted.user ?? {});
  if (identity === null) {
    return {
      pseudonym: null,
      state: withRequest(EMPTY_STATE, wanted, ""),
      degraded: [],
    };
  }
  const pseudonym = pseudonymOf(wanted.secret, identity.kind, identity.id);
  const { users, metrics } = context;
  const known = users.peek(wanted.tenant, wanted.namespace, pseudonym);
  if (known !== undefined) {
    metrics.stateReads.inc({ result: "memory" });
    return {
      pseudonym,
      state: withRequest(known, wanted, pseudonym),
      degraded: [],
    };
  }
  const read = await within(
    users.load(wanted.tenant, wanted.namespace, pseudonym),
    wanted.budgetMs,
  );
  metrics.stateReads.inc({ result: read.ok ? "database" : "failed" });
  return {
    pseudonym,
    state: withRequest(read.ok ? read.value : EMPTY_STATE, wanted, pseudonym),
    degraded: read.ok ? [] : [{ part: "user_state", reason: read.reason }],
  };
}

/** The stored state with what the request itself says. Without consent no history is used or recorded. */
function withRequest(
  state: UserState,
  wanted: Wanted,
  pseudonym: string,
): UserState {
  const { traits, now, user } = wanted;
  const recent = (user?.recent_item_ids ?? []).map((item_id) => ({
    item_id,
    type: "view",
    ts: now,
  }));
  return {
    events: state.consent === "denied" ? [] : [...recent, ...state.events],
    traits: { ...state.traits, ...traits },
    consent: state.consent,
    bucket_key: state.bucket_key === "" ? pseudonym : state.bucket_key,
  };
}
