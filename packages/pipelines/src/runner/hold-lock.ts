import { ApiError, type Json } from "@recsys/contracts";
import {
  acquirePipelineLock,
  heartbeatRun,
  releasePipelineLock,
  renewPipelineLock,
  type PipelineLock,
  type Store,
} from "@recsys/store";

export interface LockAddress {
  readonly store: Store;
  readonly tenant: string;
  readonly namespace: string;
  /** Who holds it, for people who look. */
  readonly holder: string;
  readonly leaseSeconds: number;
}

/** One run at a time per namespace, over all processes. */
const LOCK_NAME = "pipeline";

/** Takes the lock or throws ALREADY_RUNNING. A holder that died loses it when its lease ends. */
export async function takeLock(o: LockAddress): Promise<PipelineLock> {
  const lock = await o.store.inTenant(o.tenant, (tx) =>
    acquirePipelineLock(tx, o.namespace, { ...o, name: LOCK_NAME }),
  );
  if (lock !== null) return lock;
  throw new ApiError("ALREADY_RUNNING", {
    detail: `another process runs the pipeline of ${o.tenant}/${o.namespace}; its lock lapses at most ${o.leaseSeconds} s after it stops`,
  });
}

export async function giveBackLock(
  o: LockAddress,
  lock: PipelineLock,
): Promise<void> {
  await o.store.inTenant(o.tenant, (tx) =>
    releasePipelineLock(tx, o.namespace, lock),
  );
}

export interface Pulse {
  /** Throws when the lock went to another process: a run that lost it must not go on. */
  check(): void;
  stop(): Promise<void>;
}

/** Renews the lease and shows the run's progress three times per lease, as long as the event loop turns. */
export function startPulse(
  o: LockAddress,
  beat: {
    readonly lock: PipelineLock;
    readonly runId: string;
    progress(): Json;
  },
): Pulse {
  let lost: Error | null = null;
  let running = Promise.resolve();
  const once = async () => {
    try {
      const isHeld = await o.store.inTenant(o.tenant, async (tx) => {
        await heartbeatRun(tx, beat.runId, beat.progress());
        const { leaseSeconds } = o;
        return renewPipelineLock(tx, o.namespace, {
          ...beat.lock,
          leaseSeconds,
        });
      });
      if (!isHeld) lost = lockLost();
    } catch (cause) {
      // One missed beat is no loss: the lease has room for two more, and the next one tells.
      if (!(cause instanceof ApiError)) lost = lockLost(cause);
    }
  };
  const timer = setInterval(
    () => {
      running = running.then(once);
    },
    (o.leaseSeconds * 1000) / 3,
  );
  timer.unref();
  return {
    check: () => {
      if (lost !== null) throw lost;
    },
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}

function lockLost(cause?: unknown): ApiError {
  return new ApiError("ALREADY_RUNNING", {
    detail: "the lock of this run lapsed and another process may have it",
    cause,
  });
}
