import type { DecisionRecord } from "@recsys/contracts";
import { Spool } from "./spool.ts";
import { shipSegments, type Ship } from "./shipper.ts";

export interface DecisionLogOptions {
  readonly directory: string;
  readonly maxBytes: number;
  readonly ship: Ship;
  readonly onShipped: (decisions: number) => void;
  readonly onRejected: (requestId: string, error: unknown) => void;
  /** The disk or the database refused; the log goes on and tries again. */
  readonly onError: (error: unknown) => void;
}

const SYNC_MS = 1000;
const SHIP_MS = 500;

/** Keeps every answered decision: on disk before the answer, in the database about half a second later. */
export class DecisionLog {
  readonly #options: DecisionLogOptions;
  readonly #spool: Spool;
  #timers: NodeJS.Timeout[] = [];
  #shipping: Promise<void> | null = null;

  constructor(options: DecisionLogOptions) {
    this.#options = options;
    this.#spool = new Spool({
      directory: options.directory,
      maxBytes: options.maxBytes,
      onError: options.onError,
    });
  }

  get pendingBytes(): number {
    return this.#spool.bytes;
  }

  /**
   * Writes the decision before it returns; false when it could not be kept.
   * Under pressure of space the sample goes first.
   */
  append(record: DecisionRecord): boolean {
    const { sample, ...core } = record;
    const full = sample !== undefined && this.#spool.hasRoomForSamples;
    return this.#spool.append(JSON.stringify(full ? record : core));
  }

  /** Starts group fsync and shipping; left-over segments of dead processes go first. */
  start(): void {
    this.#timers = [
      setInterval(() => void this.#spool.sync(), SYNC_MS),
      setInterval(() => void this.ship(), SHIP_MS),
    ];
    void this.ship();
  }

  /** Ships what is there now; when the database is away it stays on disk. */
  async ship(): Promise<void> {
    // One after the other: two would read and delete the same segment.
    while (this.#shipping !== null) await this.#shipping;
    this.#shipping = this.#shipAll();
    await this.#shipping;
    this.#shipping = null;
  }

  /** Stops the timers, syncs and ships the rest. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
    await this.#spool.sync();
    await this.ship();
  }

  async #shipAll(): Promise<void> {
    try {
      await this.#spool.sync();
      this.#spool.rotate();
      const decisions = await shipSegments(this.#options);
      if (decisions > 0) this.#options.onShipped(decisions);
    } catch (error) {
      this.#options.onError(error);
    } finally {
      this.#spool.recount();
    }
  }
}
