import type { DecisionRecord } from "@recsys/contracts";
import { Shipper, type ShipperOptions } from "./shipper.ts";
import { Spool } from "./spool.ts";

export interface DecisionLogOptions extends Pick<
  ShipperOptions,
  "clock" | "directory" | "onHeld" | "onRejected" | "ship"
> {
  readonly maxBytes: number;
  /** Most that is kept of what cannot be shipped; 16 MiB unless said. */
  readonly maxRejectedBytes?: number;
  readonly onShipped: (decisions: number) => void;
  /** The disk or the database refused; the log goes on and tries again. */
  readonly onError: (error: unknown) => void;
}

const MAX_REJECTED_BYTES = 16 * 1024 * 1024;
const SYNC_MS = 1000;
const SHIP_MS = 500;
/** While the database is away segments pile up on disk, not in memory. */
const SEGMENTS_IN_MEMORY = 4;
const RECORDS_IN_MEMORY = 1000;

/** Keeps every answered decision: on disk before the answer, in the database about half a second later. */
export class DecisionLog {
  readonly #options: DecisionLogOptions;
  readonly #spool: Spool;
  readonly #shipper: Shipper;
  /** Records of the open segment, so that shipping need not read them back; null once they are too many to keep. */
  #written: DecisionRecord[] | null = [];
  /** Records of closed segments by path, while they are few enough to keep. */
  readonly #closed = new Map<string, readonly DecisionRecord[]>();
  #timers: NodeJS.Timeout[] = [];
  #shipping: Promise<void> | null = null;

  constructor(options: DecisionLogOptions) {
    this.#options = options;
    this.#spool = new Spool({
      directory: options.directory,
      maxBytes: options.maxBytes,
      onError: options.onError,
    });
    this.#shipper = new Shipper({
      ...options,
      maxRejectedBytes: options.maxRejectedBytes ?? MAX_REJECTED_BYTES,
    });
  }

  get pendingBytes(): number {
    return this.#spool.bytes;
  }

  /** What was set aside because it can never be shipped. */
  get rejectedBytes(): number {
    return this.#shipper.rejectedBytes;
  }

  /** Segments that cannot be read or removed; each is tried again from time to time. */
  get heldSegments(): number {
    return this.#shipper.heldSegments;
  }

  /**
   * Writes the decision before it returns; false when it could not be kept.
   * Under pressure of space the sample goes first.
   */
  append(record: DecisionRecord): boolean {
    const { sample, ...core } = record;
    const full = sample !== undefined && this.#spool.hasRoomForSamples;
    // A sample that finds no room must not take the core record with it.
    const wanted = full ? [record, core] : [core];
    const kept = wanted.find((one) => this.#spool.append(JSON.stringify(one)));
    if (kept !== undefined) this.#remember(kept);
    return kept !== undefined;
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
    await this.#spool.sync();
  }

  #rotate(): void {
    const path = this.#spool.rotate();
    const hasRoom = this.#closed.size < SEGMENTS_IN_MEMORY;
    if (path !== null && hasRoom && this.#written !== null) {
      this.#closed.set(path, this.#written);
    }
    this.#written = [];
  }

  #remember(record: DecisionRecord): void {
    if (this.#written === null) return;
    if (this.#written.length < RECORDS_IN_MEMORY) this.#written.push(record);
    else this.#written = null;
  }

  async #shipAll(): Promise<void> {
    try {
      await this.#spool.sync();
      this.#rotate();
      const decisions = await this.#shipper.ship(this.#closed);
      if (decisions > 0) this.#options.onShipped(decisions);
    } catch (error) {
      this.#options.onError(error);
    } finally {
      this.#spool.recount();
    }
  }
}
