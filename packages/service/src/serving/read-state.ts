import type {
  AttributeValue,
  Degradation,
  RankRequest,
  UserState,
} from "@recsys/contracts";
import { usesImpressions, type Snapshot } from "@recsys/ranking";
import { loadUserStates } from "@recsys/store";
import {
  identityOf,
  pseudonymOf,
  type Identifiers,
} from "../auth/pseudonym.ts";
import type { ServiceContext } from "../context.ts";
import { within } from "../within.ts";
import { MOST_LISTS, newestLists } from "./shown-lists.ts";
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
  /** Whether anything asks what the person was shown: the configuration, or this request alone. */
  readonly impressions: "none" | "configured" | "requested";
}

/** Whether ranking this request needs what the person was shown. */
export function whoAsksForImpressions(
  snapshot: Snapshot,
  request: Pick<RankRequest, "experimentKnobs" | "requestKnobs">,
): Wanted["impressions"] {
  if (usesImpressions(snapshot)) return "configured";
  const { experimentKnobs, requestKnobs } = request;
  return usesImpressions(snapshot, experimentKnobs, requestKnobs)
    ? "requested"
    : "none";
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
      state: withRequest(
        await withShown(context, { wanted, pseudonym, state: known }),
        wanted,
        pseudonym,
      ),
      degraded: [],
    };
  }
  const read = await within(
    users.load(wanted.tenant, wanted.namespace, pseudonym),
    wanted.budgetMs,
  );
  metrics.stateReads.inc({ result: read.ok ? "database" : "failed" });
  const state = read.ok ? read.value : EMPTY_STATE;
  return {
    pseudonym,
    state: withRequest(
      await withShown(context, { wanted, pseudonym, state }),
      wanted,
      pseudonym,
    ),
    degraded: read.ok ? [] : [{ part: "user_state", reason: read.reason }],
  };
}

/**
 * The state with the lists that the person was shown, those of this process
 * that are not shipped yet among them. The configuration has them read with
 * the state; a request that asks alone pays for a read of its own.
 */
async function withShown(
  context: ServiceContext,
  of: {
    readonly wanted: Wanted;
    readonly pseudonym: string;
    readonly state: UserState;
  },
): Promise<UserState> {
  const { wanted, pseudonym, state } = of;
  const { tenant, namespace, impressions, budgetMs } = wanted;
  if (impressions === "none") return state;
  if (state.consent === "denied") return { ...state, impressions: [] };
  let stored = state.impressions ?? [];
  if (impressions === "requested" && state.impressions === undefined) {
    const of = { pseudonyms: [pseudonym], limit: 0, lists: MOST_LISTS };
    const read = await within(
      context.store.inTenant(tenant, (tx) => loadUserStates(tx, namespace, of)),
      budgetMs,
    );
    const found = read.ok ? read.value.get(pseudonym) : undefined;
    stored = found?.impressions ?? [];
  }
  const recent = context.shown.find({ tenant, namespace, pseudonym });
  return { ...state, impressions: newestLists([...recent, ...stored]) };
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
    ...(state.locale === undefined ? {} : { locale: state.locale }),
    ...(wanted.impressions === "none"
      ? {}
      : { impressions: state.impressions ?? [] }),
  };
}
