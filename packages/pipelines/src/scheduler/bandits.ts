import {
  DEFAULT_CONFIG,
  DEFAULT_EXPLORATION,
  HOUR_MS,
  messageOf,
  MINUTE_MS,
  slotBandit,
  type ConfigDocument,
  type ExplorationPolicy,
  type Posteriors,
} from "@recsys/contracts";
import { addTrial } from "@recsys/ranking";
import {
  claimDue,
  failObligation,
  learned,
  listObligations,
  scheduleObligation,
  type ClaimedObligation,
  type MaturedTrial,
  type Store,
  type TenantTx,
} from "@recsys/store";
import { liveDocument } from "../runner/live-state.ts";

/** Kind of the obligation to count what followed from the draws of bandits and exploration slots. */
const BANDITS = "bandits";
const SUBJECT = "count";

export interface BanditDutyOptions {
  readonly store: Store;
  /** Name of the worker, for people who look. */
  readonly worker: string;
  readonly clock: () => number;
  /** Draws of one transaction; 5,000 unless said. */
  readonly batchRows?: number;
}

export interface EndedCount {
  readonly tenant: string;
  /** Draws that became trials. */
  readonly counted: number;
  /** Draws that were left out: not seen, or their decision is gone. */
  readonly skipped: number;
  readonly error: unknown;
  readonly nextDueAt: number;
}

const LEASE_SECONDS = 120;
const BATCH_ROWS = 5_000;
const EVERY_MS = 30_000;
const RETRY_MS = MINUTE_MS;
const LONGEST_RETRY_MS = HOUR_MS;

/** Gives a tenant that has none its duty, due at once. */
export async function ensureBanditDuty(
  store: Store,
  tenant: string,
  now: number,
): Promise<void> {
  await store.inTenant(tenant, async (tx) => {
    const present = await listObligations(tx, BANDITS);
    if (present.length === 0) await setDue(tx, now);
  });
}

/**
 * Counts the matured draws of one tenant where that is due, and sets its next
 * time. A draw is counted when its window is over, whatever came of it by
 * then, so that a reward that comes late says nothing against an arm that was
 * drawn lately. Any number of workers may do this at once.
 */
export async function workOffBandits(
  options: BanditDutyOptions,
): Promise<EndedCount | null> {
  const { store, worker, clock } = options;
  const [claim] = await claimDue(store, {
    worker,
    limit: 1,
    leaseSeconds: LEASE_SECONDS,
    kinds: [BANDITS],
  });
  if (claim === undefined) return null;
  const { tenant } = claim;
  try {
    const done = await countTenant(options, tenant);
    const nextDueAt = clock() + EVERY_MS;
    await store.inTenant(tenant, (tx) => setDue(tx, nextDueAt));
    return { tenant, ...done, error: null, nextDueAt };
  } catch (error) {
    const nextDueAt = await retryLater(options, claim, error);
    return { tenant, counted: 0, skipped: 0, error, nextDueAt };
  }
}

function setDue(tx: TenantTx, dueAt: number): Promise<void> {
  return scheduleObligation(tx, {
    kind: BANDITS,
    subject: SUBJECT,
    dueAt,
    payload: {},
  });
}

interface Count {
  readonly counted: number;
  readonly skipped: number;
}

async function countTenant(
  options: BanditDutyOptions,
  tenant: string,
): Promise<Count> {
  const { store } = options;
  const total = { counted: 0, skipped: 0 };
  const waiting = await store.inTenant(tenant, learned.waitingTrials);
  for (const { namespace, bandit } of waiting) {
    for (;;) {
      const { counted, skipped, isAll } = await store.inTenant(tenant, (tx) =>
        countBatch(tx, options, { namespace, bandit }),
      );
      total.counted += counted;
      total.skipped += skipped;
      if (isAll) break;
    }
  }
  return total;
}

/** One transaction: draws go and the arms change together, or not at all. */
async function countBatch(
  tx: TenantTx,
  { clock, batchRows = BATCH_ROWS }: BanditDutyOptions,
  {
    namespace,
    bandit,
  }: { readonly namespace: string; readonly bandit: string },
): Promise<Count & { readonly isAll: boolean }> {
  await learned.lock(tx, namespace);
  const live = await liveDocument(tx, namespace, "config");
  const policy = policyOf(live?.content ?? DEFAULT_CONFIG, bandit);
  if (policy === null) {
    const skipped = await learned.dropTrials(tx, namespace, bandit);
    return { counted: 0, skipped, isAll: true };
  }
  const windowMs = policy.window_hours * HOUR_MS;
  const taken = await learned.takeMatured(tx, namespace, {
    bandit,
    before: clock() - windowMs,
    windowMs,
    limit: batchRows,
  });
  const trials = taken.filter(
    ({ isSound, isSeen }) =>
      isSound && (isSeen || policy.exposure === "assumed"),
  );
  if (trials.length > 0) {
    const before = await learned.load(tx, namespace);
    const known = (before?.arms ?? []).filter((arm) => arm.bandit === bandit);
    await learned.saveArms(
      tx,
      namespace,
      countIn(bandit, { known, trials, policy }),
    );
  }
  return {
    counted: trials.length,
    skipped: taken.length - trials.length,
    isAll: taken.length < batchRows,
  };
}

/** Null for a bandit that is configured no longer. */
function policyOf(
  config: ConfigDocument,
  bandit: string,
): Pick<ExplorationPolicy, "reward" | "window_hours" | "exposure"> | null {
  const found = config.bandits?.find(({ id }) => id === bandit);
  if (found !== undefined) return found;
  const isSlots = bandit.startsWith(slotBandit(""));
  return isSlots ? (config.exploration ?? DEFAULT_EXPLORATION) : null;
}

/** The arms that were tried, with their new sums. */
function countIn(
  bandit: string,
  from: {
    readonly known: Posteriors["arms"];
    readonly trials: readonly MaturedTrial[];
    readonly policy: Pick<ExplorationPolicy, "reward">;
  },
): Posteriors["arms"] {
  const known = new Map(from.known.map((arm) => [arm.arm, arm]));
  const changed = new Map<string, Posteriors["arms"][number]>();
  for (const { arm, context, outcomes } of from.trials) {
    const before = changed.get(arm) ??
      known.get(arm) ?? { arm, trials: 0, reward: 0 };
    const after = addTrial(before, {
      reward: rewardOf(outcomes, from.policy.reward),
      context: [1, ...context],
    });
    changed.set(arm, { bandit, ...after });
  }
  return [...changed.values()];
}

/** The largest of what followed; nothing is worth 0. */
function rewardOf(
  outcomes: readonly string[],
  rewards: Readonly<Record<string, number>>,
): number {
  return outcomes.reduce(
    (best, type) =>
      Math.max(best, Object.hasOwn(rewards, type) ? (rewards[type] ?? 0) : 0),
    0,
  );
}

async function retryLater(
  { store, clock }: BanditDutyOptions,
  claim: ClaimedObligation,
  error: unknown,
): Promise<number> {
  const wait = Math.min(
    RETRY_MS * 2 ** Math.min(claim.attempt, 10),
    LONGEST_RETRY_MS,
  );
  const retryAt = clock() + wait;
  await store.inTenant(claim.tenant, (tx) =>
    failObligation(tx, claim, { retryAt, error: messageOf(error) }),
  );
  return retryAt;
}
