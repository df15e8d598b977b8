import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import type { Role } from "@recsys/contracts";
import { within } from "../within.ts";
import { NarrowGate } from "./narrow-gate.ts";

/** What a valid API key stands for. */
export interface KeyFacts {
  readonly tenant: string;
  readonly role: Role;
  readonly name: string;
  /** Unix milliseconds; null: until revoked. */
  readonly expiresAt: number | null;
}

export interface KeyCacheOptions {
  readonly secret: string;
  /** Looks a digest up in the database; null when there is no such valid key. */
  readonly find: (digest: Buffer) => Promise<KeyFacts | null>;
  readonly clock: () => number;
  /** How long a key is believed without asking again; a revocation takes effect within it, everywhere. */
  readonly ttlMs: number;
}

/** A known key does not wait longer than this for a database that does not answer. */
const PATIENCE_MS = 250;
const MAX_GOOD = 20_000;
const MAX_BAD = 10_000;
/** Look-ups of keys that nobody knows: a flood of them leaves the connections to others. */
const STRANGERS = { atOnce: 4, mayWait: 100 };

interface Entry {
  readonly facts: KeyFacts;
  readonly checkedAt: number;
}

/** Digest under which an API key is stored and looked up. */
export function keyDigest(secret: string | KeyObject, key: string): Buffer {
  return createHmac("sha256", secret).update(key).digest();
}

/** API keys by digest, so that a request needs no query. Unknown ones have a place of their own and never push out good ones. */
export class KeyCache {
  readonly #options: KeyCacheOptions;
  readonly #secret: KeyObject;
  readonly #good = new Map<string, Entry>();
  /** When a digest was last found to be no valid key's. */
  readonly #bad = new Map<string, number>();
  readonly #strangers = new NarrowGate(STRANGERS);
  readonly #asking = new Map<string, Promise<KeyFacts | null>>();

  constructor(options: KeyCacheOptions) {
    this.#options = options;
    this.#secret = createSecretKey(Buffer.from(options.secret));
  }

  /** What the key stands for, at once where it is known; null: no valid key. Throws TOO_MANY_REQUESTS for an unknown key among too many. */
  find(key: string): KeyFacts | null | Promise<KeyFacts | null> {
    const digest = keyDigest(this.#secret, key);
    const name = digest.toString("base64url");
    const now = this.#options.clock();
    const isFresh = (checkedAt: number | undefined) =>
      checkedAt !== undefined && now - checkedAt < this.#options.ttlMs;
    const entry = this.#good.get(name);
    if (entry !== undefined && isFresh(entry.checkedAt)) {
      return unlessExpired(entry.facts, now);
    }
    if (isFresh(this.#bad.get(name))) return null;
    const asking = this.#asking.get(name) ?? this.#ask(name, digest);
    this.#asking.set(name, asking);
    return entry === undefined ? asking : this.#patiently(asking, entry.facts);
  }

  /** Asks again for the keys of a tenant: one may have been revoked. Known ones stay as a last resort. */
  forget(tenant: string): void {
    this.#bad.clear();
    for (const [name, { facts }] of this.#good) {
      if (facts.tenant === tenant) {
        this.#good.set(name, { facts, checkedAt: -Infinity });
      }
    }
  }

  /** Known keys of a tenant for the snapshot on disk. */
  known(tenant: string): [string, KeyFacts][] {
    return [...this.#good].flatMap(([name, { facts }]) =>
      facts.tenant === tenant ? [[name, facts] as [string, KeyFacts]] : [],
    );
  }

  /** Takes keys from the snapshot on disk: used only while the database is away. */
  restore(keys: readonly (readonly [string, KeyFacts])[]): void {
    for (const [name, facts] of keys) {
      if (!this.#good.has(name)) {
        this.#good.set(name, { facts, checkedAt: -Infinity });
      }
    }
  }

  /** The database is away or slow: a key that was good goes on. */
  async #patiently(
    asking: Promise<KeyFacts | null>,
    known: KeyFacts,
  ): Promise<KeyFacts | null> {
    const read = await within(asking, PATIENCE_MS);
    return read.ok ? read.value : unlessExpired(known, this.#options.clock());
  }

  async #ask(name: string, digest: Buffer): Promise<KeyFacts | null> {
    const { find, clock } = this.#options;
    const before = this.#good.get(name)?.facts;
    try {
      const facts =
        before === undefined
          ? await this.#strangers.pass(() => find(digest))
          : await find(digest);
      this.#remember(name, facts);
      return unlessExpired(facts, clock());
    } catch (error) {
      // An unknown key cannot be judged; a known one is asked for again later.
      if (before === undefined) throw error;
      this.#remember(name, before);
      return unlessExpired(before, clock());
    } finally {
      this.#asking.delete(name);
    }
  }

  #remember(name: string, facts: KeyFacts | null): void {
    const checkedAt = this.#options.clock();
    if (facts === null) {
      this.#good.delete(name);
      makeRoom(this.#bad, MAX_BAD);
      this.#bad.set(name, checkedAt);
    } else {
      this.#bad.delete(name);
      if (!this.#good.has(name)) makeRoom(this.#good, MAX_GOOD);
      this.#good.set(name, { facts, checkedAt });
    }
  }
}

/** Lets the oldest go when a map is full. */
function makeRoom(map: Map<string, unknown>, most: number): void {
  if (map.size < most) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

function unlessExpired(facts: KeyFacts | null, now: number): KeyFacts | null {
  const isExpired =
    facts !== null && facts.expiresAt !== null && facts.expiresAt <= now;
  return isExpired ? null : facts;
}
