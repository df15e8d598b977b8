import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import type { Role } from "@recsys/contracts";
import { within } from "../within.ts";

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
const MAX_ENTRIES = 20_000;

interface Entry {
  readonly facts: KeyFacts | null;
  readonly checkedAt: number;
}

/** Digest under which an API key is stored and looked up. */
export function keyDigest(secret: string | KeyObject, key: string): Buffer {
  return createHmac("sha256", secret).update(key).digest();
}

/** API keys by digest, so that a request needs no query. */
export class KeyCache {
  readonly #options: KeyCacheOptions;
  readonly #secret: KeyObject;
  readonly #entries = new Map<string, Entry>();
  readonly #asking = new Map<string, Promise<KeyFacts | null>>();

  constructor(options: KeyCacheOptions) {
    this.#options = options;
    this.#secret = createSecretKey(Buffer.from(options.secret));
  }

  /** What the key stands for, at once where it is known; null: no valid key. */
  find(key: string): KeyFacts | null | Promise<KeyFacts | null> {
    const digest = keyDigest(this.#secret, key);
    const name = digest.toString("base64url");
    const entry = this.#entries.get(name);
    const now = this.#options.clock();
    if (entry !== undefined && now - entry.checkedAt < this.#options.ttlMs) {
      return unlessExpired(entry.facts, now);
    }
    const asking = this.#asking.get(name) ?? this.#ask(name, digest);
    this.#asking.set(name, asking);
    const known = entry?.facts ?? null;
    return known === null ? asking : this.#patiently(asking, known);
  }

  /** Asks again for the keys of a tenant: one may have been revoked. Known ones stay as a last resort. */
  forget(tenant: string): void {
    for (const [name, { facts }] of this.#entries) {
      if (facts === null) this.#entries.delete(name);
      else if (facts.tenant === tenant) {
        this.#entries.set(name, { facts, checkedAt: -Infinity });
      }
    }
  }

  /** Known keys of a tenant for the snapshot on disk. */
  known(tenant: string): [string, KeyFacts][] {
    return [...this.#entries].flatMap(([name, { facts }]) =>
      facts?.tenant === tenant ? [[name, facts] as [string, KeyFacts]] : [],
    );
  }

  /** Takes keys from the snapshot on disk: used only while the database is away. */
  restore(keys: readonly (readonly [string, KeyFacts])[]): void {
    for (const [name, facts] of keys) {
      if (!this.#entries.has(name)) {
        this.#entries.set(name, { facts, checkedAt: -Infinity });
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
    try {
      const facts = await find(digest);
      this.#remember(name, facts);
      return unlessExpired(facts, clock());
    } catch (error) {
      const before = this.#entries.get(name)?.facts ?? null;
      // An unknown key cannot be judged; a known one is asked for again later.
      if (before === null) throw error;
      this.#remember(name, before);
      return unlessExpired(before, clock());
    } finally {
      this.#asking.delete(name);
    }
  }

  #remember(name: string, facts: KeyFacts | null): void {
    if (this.#entries.size >= MAX_ENTRIES) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    this.#entries.set(name, { facts, checkedAt: this.#options.clock() });
  }
}

function unlessExpired(facts: KeyFacts | null, now: number): KeyFacts | null {
  const isExpired =
    facts !== null && facts.expiresAt !== null && facts.expiresAt <= now;
  return isExpired ? null : facts;
}
