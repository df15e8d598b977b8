import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";

export interface ListenOptions {
  onMessage(payload: string): void;
  /** The connection was lost: messages may have been missed, so caches must be read anew. */
  onLost(): void;
  /** Listening again after a loss. */
  onRestored?(): void;
}

export interface Listener {
  close(): Promise<void>;
}

const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 1_000;
/** A connection that a firewall has dropped in silence is noticed within two of these. */
const HEARTBEAT_MS = 10_000;

/**
 * Listens on a channel with a direct connection of its own; resolves when it
 * listens. After a loss it connects again until closed.
 */
export async function listen(
  url: string,
  channel: string,
  options: ListenOptions,
): Promise<Listener> {
  const listening = new Listening({ url, channel, options });
  await listening.connect();
  return listening;
}

class Listening implements Listener {
  readonly #url: string;
  readonly #channel: string;
  readonly #options: ListenOptions;
  #client: pg.Client | null = null;
  #heartbeat: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(facts: {
    readonly url: string;
    readonly channel: string;
    readonly options: ListenOptions;
  }) {
    this.#url = facts.url;
    this.#channel = facts.channel;
    this.#options = facts.options;
  }

  async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: "recsys listen",
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
      keepAlive: true,
    });
    let lost = false;
    const onLoss = () => {
      if (lost) return;
      lost = true;
      this.#lose(client);
    };
    client.on("error", onLoss);
    client.on("notification", ({ payload }) => {
      this.#options.onMessage(payload ?? "");
    });
    try {
      await client.connect();
      await client.query(`listen ${client.escapeIdentifier(this.#channel)}`);
    } catch (error) {
      lost = true;
      client.end().catch(() => undefined); // It is the first error that counts.
      throw error;
    }
    client.on("end", onLoss);
    this.#client = client;
    this.#heartbeat = setInterval(() => {
      client.query("select 1").catch(onLoss);
    }, HEARTBEAT_MS);
    this.#heartbeat.unref();
    if (this.#closed) await this.close();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#heartbeat);
    const client = this.#client;
    this.#client = null;
    await client?.end();
  }

  #lose(client: pg.Client): void {
    clearInterval(this.#heartbeat);
    if (this.#closed || this.#client !== client) return;
    this.#client = null;
    client.end().catch(() => undefined); // Already broken.
    this.#options.onLost();
    void this.#retry();
  }

  async #retry(): Promise<void> {
    let waitMs = FIRST_RETRY_MS;
    for (;;) {
      await pause(waitMs, undefined, { ref: false });
      if (this.#closed) return;
      try {
        await this.connect();
        this.#options.onRestored?.();
        return;
      } catch {
        // The database is still away; the poll of revisions goes on meanwhile.
        waitMs = Math.min(waitMs * 2, LAST_RETRY_MS);
      }
    }
  }
}
