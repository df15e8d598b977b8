import { ackRevision, forgetReplica, type Revision } from "@recsys/store";
import type { ServiceContext } from "./context.ts";
import { safeError } from "./http/log-error.ts";
import { isUnreachable } from "./http/problem.ts";
import type { SnapshotState } from "./serving/snapshots.ts";

/** Nobody writes more often than this for one tenant. */
const LOOK_EVERY_MS = 1_000;
/** A sign of life: who has given none for thrice as long counts as gone. */
const REPEAT_MS = 60_000;
export const GONE_AFTER_SECONDS = (3 * REPEAT_MS) / 1000;

interface Said {
  readonly revision: string;
  readonly at: number;
}

/** Tells the database which revision of each tenant this process serves, when that moved and once a minute. */
export class Acknowledgements {
  readonly #context: ServiceContext;
  readonly #said = new Map<string, Said>();
  #timer: NodeJS.Timeout | undefined;
  #telling: Promise<void> | null = null;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  start(): void {
    const look = () => {
      this.#telling ??= this.#tell().finally(() => {
        this.#telling = null;
      });
    };
    look();
    this.#timer = setInterval(look, LOOK_EVERY_MS);
  }

  /** Acknowledges what is served now, for tenants where that is news. */
  async #tell(): Promise<void> {
    const { snapshots, store, replica, clock, log } = this.#context;
    for (const [tenant, states] of byTenant(snapshots.states())) {
      const said = this.#said.get(tenant);
      const revision =
        servedRevision(states) ?? said?.revision ?? noneOf(states);
      const isNews =
        revision !== said?.revision || clock() - said.at >= REPEAT_MS;
      if (!isNews) continue;
      try {
        await store.inTenant(tenant, (tx) =>
          ackRevision(tx, replica, parse(revision)),
        );
        this.#said.set(tenant, { revision, at: clock() });
      } catch (error) {
        log.debug({ part: "acknowledgements", tenant, err: safeError(error) });
        // The next look comes soon enough.
        if (isUnreachable(error)) return;
      }
    }
  }

  /** Takes this process off the list. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#telling;
    const { store, replica } = this.#context;
    for (const tenant of this.#said.keys()) {
      await store
        .inTenant(tenant, (tx) => forgetReplica(tx, replica))
        // Without a database the others see that it is gone by its silence.
        .catch(() => undefined);
    }
  }
}

function byTenant(
  states: readonly SnapshotState[],
): Map<string, SnapshotState[]> {
  const found = new Map<string, SnapshotState[]>();
  for (const state of states) {
    const known = found.get(state.tenant);
    if (known === undefined) found.set(state.tenant, [state]);
    else known.push(state);
  }
  return found;
}

/** The oldest revision among the snapshots of a tenant; undefined while a part of the newest one is refused. */
function servedRevision(states: readonly SnapshotState[]): string | undefined {
  if (states.some(({ loaded }) => loaded.alerts.length > 0)) return undefined;
  const revisions = states.map(({ loaded }) => loaded.live.revision);
  return revisions.reduce((oldest, one) =>
    parse(one).n < parse(oldest).n ? one : oldest,
  );
}

/** What a process says that was never able to serve all of a revision: so it counts as behind, not as absent. */
function noneOf([state]: readonly SnapshotState[]): string {
  const { incarnation } = parse(state?.loaded.live.revision ?? "");
  return `${incarnation}:0`;
}

/** `<incarnation>:<n>` */
function parse(revision: string): Revision {
  const at = revision.lastIndexOf(":");
  return {
    incarnation: revision.slice(0, at),
    n: Number(revision.slice(at + 1)),
  };
}
