import {
  CATALOGUE_CHANNEL,
  readUsersChanged,
  REVISION_CHANNEL,
  USERS_CHANNEL,
  type CatalogueChanged,
  type Listener,
} from "@recsys/store";
import type { ServiceContext } from "./context.ts";
import { safeError } from "./http/log-error.ts";

interface Channel {
  readonly name: string;
  readonly onMessage: (payload: string) => void;
}

/** Keeps caches current: by notifications, and by polling underneath them. */
export class LiveUpdates {
  readonly #context: ServiceContext;
  #listeners: Listener[] = [];
  #timer: NodeJS.Timeout | undefined;
  #polling: Promise<void> | null = null;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /** Listens where the database answers and starts to poll; without notifications polling alone meets the limit. */
  async start(): Promise<void> {
    await this.#listen();
    const { configCacheTtlSeconds, rulesCacheTtlSeconds } =
      this.#context.config;
    // One read tells of all kinds of changes, so the shorter limit rules both.
    const ms = Math.min(configCacheTtlSeconds, rulesCacheTtlSeconds) * 1000;
    this.#timer = setInterval(() => {
      this.#polling ??= this.#poll().finally(() => {
        this.#polling = null;
      });
    }, ms);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#polling;
    await Promise.all(this.#listeners.map((listener) => listener.close()));
    this.#listeners = [];
  }

  async #poll(): Promise<void> {
    const { snapshots, pages, clock } = this.#context;
    pages.sweep(clock());
    await snapshots.poll();
    if (this.#context.readiness.isListening) return;
    // Nobody tells of changed users: what is in memory is as old as one poll at most.
    this.#forgetEverybody();
    if (this.#listeners.length === 0) await this.#listen();
  }

  #forgetEverybody(): void {
    this.#context.users.clear();
    this.#context.shown.clear();
  }

  async #listen(): Promise<void> {
    const { store, log, readiness } = this.#context;
    const opened: Listener[] = [];
    try {
      for (const { name, onMessage } of this.#channels()) {
        const listener = await store.listen(name, {
          onMessage,
          onLost: () => {
            readiness.isListening = false;
            this.#forgetEverybody();
          },
          onRestored: () => {
            readiness.isListening = true;
            this.#forgetEverybody();
            void this.#context.snapshots.poll();
          },
        });
        opened.push(listener);
      }
      this.#listeners = opened;
      readiness.isListening = true;
    } catch (error) {
      await Promise.all(opened.map((listener) => listener.close()));
      log.warn({ part: "notifications", err: safeError(error) });
    }
  }

  #channels(): readonly Channel[] {
    const { snapshots, users, shown, tenants, keys, replica } = this.#context;
    return [
      {
        name: REVISION_CHANNEL,
        onMessage: (payload) => {
          const { tenant } = JSON.parse(payload) as { tenant: string };
          keys.forget(tenant);
          tenants.forget(tenant);
          void snapshots.refresh(tenant);
        },
      },
      {
        name: CATALOGUE_CHANNEL,
        onMessage: (payload) => {
          const changed = JSON.parse(payload) as CatalogueChanged;
          const known = snapshots.peek(changed.tenant, changed.namespace);
          const revision = known?.loaded.snapshot.catalogue.revision ?? 0;
          if (revision >= changed.revision) return;
          void snapshots.refresh(changed.tenant, changed.namespace);
        },
      },
      {
        name: USERS_CHANNEL,
        onMessage: (payload) => {
          const changed = readUsersChanged(payload);
          if (changed.by === replica) return;
          const { tenant, namespace, pseudonyms } = changed;
          if (changed.isErased) shown.forget(tenant, namespace, pseudonyms);
          users.refresh(tenant, namespace, pseudonyms);
        },
      },
    ];
  }
}
