import type { UserState } from "@recsys/contracts";

/** Reads a user's state from the database; null when the person was never seen. */
export type LoadUserState = (
  tenant: string,
  namespace: string,
  pseudonym: string,
) => Promise<UserState | null>;

export interface UserStatesOptions {
  readonly maxBytes: number;
  readonly load: LoadUserState;
}

/** Newest events that a state holds at most. */
export const STATE_EVENTS = 500;

/** How often a state is read in a row because it changed meanwhile. */
const MOST_READS = 3;

/** A person of whom nothing is known yet. */
export const EMPTY_STATE: UserState = {
  events: [],
  traits: {},
  consent: "unknown",
  bucket_key: "",
};

interface Entry {
  readonly state: UserState;
  readonly bytes: number;
}

interface Person {
  readonly tenant: string;
  readonly namespace: string;
  readonly pseudonym: string;
}

interface Loading {
  readonly promise: Promise<UserState>;
  /** Set when something changed since the read began, so that its result is old. */
  isStale: boolean;
}

/** The newest events of recently seen users in memory, least recently used first out. */
export class UserStates {
  readonly #options: UserStatesOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #loading = new Map<string, Loading>();
  #bytes = 0;
  hits = 0;
  misses = 0;

  constructor(options: UserStatesOptions) {
    this.#options = options;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The state when it is in memory. */
  peek(
    tenant: string,
    namespace: string,
    pseudonym: string,
  ): UserState | undefined {
    const key = keyOf(tenant, namespace, pseudonym);
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.hits++;
    // Reinserted, so that the map's order is that of use.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.state;
  }

  /** Reads the state into memory; concurrent callers share one read, and one that was overtaken by a change is repeated. */
  load(
    tenant: string,
    namespace: string,
    pseudonym: string,
  ): Promise<UserState> {
    return this.#read({ tenant, namespace, pseudonym }, 1);
  }

  #read(
    { tenant, namespace, pseudonym }: Person,
    tries: number,
  ): Promise<UserState> {
    const key = keyOf(tenant, namespace, pseudonym);
    const running = this.#loading.get(key);
    if (running !== undefined && !running.isStale) return running.promise;
    this.misses++;
    const loading: Loading = {
      promise: this.#options
        .load(tenant, namespace, pseudonym)
        .then((found) => {
          const state = found ?? EMPTY_STATE;
          if (!loading.isStale) {
            this.#put(key, state);
            return state;
          }
          // Who waits wants what is true now, and in memory for the next request.
          return tries < MOST_READS
            ? this.#read({ tenant, namespace, pseudonym }, tries + 1)
            : state;
        })
        .finally(() => {
          if (this.#loading.get(key) === loading) this.#loading.delete(key);
        }),
      isStale: false,
    };
    this.#loading.set(key, loading);
    return loading.promise;
  }

  /** Somebody changed these states: those in memory are read anew and serve on until then; null means the whole namespace. */
  refresh(
    tenant: string,
    namespace: string,
    pseudonyms: readonly string[] | null,
  ): void {
    if (pseudonyms === null) {
      this.forget(tenant, namespace, null);
      return;
    }
    for (const pseudonym of pseudonyms) {
      const key = keyOf(tenant, namespace, pseudonym);
      this.#markStale(key);
      if (!this.#entries.has(key)) continue;
      this.load(tenant, namespace, pseudonym).catch(() => {
        // What could not be read again must not grow old in memory.
        this.#drop(key);
      });
    }
  }

  /** Forgets one state, or all of a namespace; the next request reads anew. */
  forget(
    tenant: string,
    namespace: string,
    pseudonyms: readonly string[] | null,
  ): void {
    if (pseudonyms !== null) {
      for (const pseudonym of pseudonyms) {
        const key = keyOf(tenant, namespace, pseudonym);
        this.#markStale(key);
        this.#drop(key);
      }
      return;
    }
    const prefix = keyOf(tenant, namespace, "");
    for (const key of this.#entries.keys()) {
      if (key.startsWith(prefix)) this.#drop(key);
    }
    for (const [key, loading] of this.#loading) {
      if (key.startsWith(prefix)) loading.isStale = true;
    }
  }

  /** Forgets everybody: notifications may have been missed. */
  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
    for (const loading of this.#loading.values()) loading.isStale = true;
  }

  #markStale(key: string): void {
    const loading = this.#loading.get(key);
    if (loading !== undefined) loading.isStale = true;
  }

  #put(key: string, state: UserState): void {
    this.#drop(key);
    const bytes = sizeOf(key, state);
    this.#entries.set(key, { state, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#options.maxBytes) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }
}

function keyOf(tenant: string, namespace: string, pseudonym: string): string {
  return `${tenant}/${namespace}/${pseudonym}`;
}

/** Upper estimate of the memory of one state. */
function sizeOf(key: string, state: UserState): number {
  const events = state.events.reduce(
    (sum, event) => sum + 96 + 2 * event.item_id.length,
    0,
  );
  const hasTraits = Object.keys(state.traits).length > 0;
  const traits = hasTraits ? 2 * JSON.stringify(state.traits).length : 0;
  const lists = (state.impressions ?? []).reduce(
    (sum, { item_ids: ids }) =>
      ids.reduce((chars, id) => chars + 40 + 2 * id.length, sum + 160),
    0,
  );
  return 300 + 2 * key.length + events + traits + lists;
}
