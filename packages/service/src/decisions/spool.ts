import {
  close,
  fsync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { ownedName } from "./file-owner.ts";
import { isSegment } from "./segment-name.ts";

export interface SpoolOptions {
  readonly directory: string;
  readonly maxBytes: number;
  /** Called with the error when a segment cannot be written or synced. */
  readonly onError: (error: unknown) => void;
  /** Brings a file to the disk; fsync unless said. */
  readonly flush?: (fd: number) => Promise<void>;
}

const closeFile = promisify(close);
const fsyncFile = promisify(fsync);

/** From this share of the limit on, samples are left out. */
const SAMPLES_UNTIL = 0.8;

/**
 * Lines of decisions in append-only segment files. `append` writes before it
 * returns, so a killed process loses nothing that was answered; `sync` makes
 * the machine's crash lose at most the last second. A segment is closed by
 * `rotate`, shipped by somebody else, and deleted after its rows are committed.
 */
export class Spool {
  readonly #options: SpoolOptions;
  #file: { readonly fd: number; readonly path: string } | null = null;
  #fileBytes = 0;
  #closedBytes = 0;
  #dirty = false;
  #sequence = 0;
  /** Flushes and closings, one after the other: none may meet a descriptor that was closed meanwhile. */
  #flushed: Promise<void> = Promise.resolve();

  constructor(options: SpoolOptions) {
    this.#options = options;
    mkdirSync(options.directory, { recursive: true });
    this.recount();
  }

  /** Bytes on disk that are not shipped yet. */
  get bytes(): number {
    return this.#fileBytes + this.#closedBytes;
  }

  /** Whether there is room for samples beside the core records. */
  get hasRoomForSamples(): boolean {
    return this.bytes < this.#options.maxBytes * SAMPLES_UNTIL;
  }

  /** Writes one line; false when the limit is reached or the disk refuses. */
  append(line: string): boolean {
    const bytes = Buffer.from(`${line}\n`);
    if (this.bytes + bytes.length > this.#options.maxBytes) return false;
    try {
      const { fd } = (this.#file ??= this.#open());
      let written = 0;
      while (written < bytes.length) {
        written += writeSync(fd, bytes, written);
      }
    } catch (error) {
      this.#options.onError(error);
      // A torn line may be at the end of the file: later lines go to another.
      this.#closeAside();
      return false;
    }
    this.#fileBytes += bytes.length;
    this.#dirty = true;
    return true;
  }

  /** Flushes what was written since the last call to the disk, closed segments included. */
  sync(): Promise<void> {
    const file = this.#file;
    if (file !== null && this.#dirty) {
      this.#dirty = false;
      this.#afterwards(() => this.#flush(file.fd));
    }
    return this.#flushed;
  }

  /** Closes the current segment and hands it over for shipping; null when nothing was written. */
  rotate(): string | null {
    if (this.#file === null || this.#fileBytes === 0) return null;
    return this.#closeAside();
  }

  /** Counts closed segments again, after some were shipped. */
  recount(): void {
    let total = 0;
    for (const name of readdirSync(this.#options.directory)) {
      if (!isSegment(name)) continue;
      const path = join(this.#options.directory, name);
      if (path !== this.#file?.path) total += sizeOf(path);
    }
    this.#closedBytes = total;
  }

  #open(): { fd: number; path: string } {
    const name = ownedName(this.#sequence++);
    const path = join(this.#options.directory, `${name}.open`);
    return { fd: openSync(path, "ax", 0o600), path };
  }

  #closeAside(): string | null {
    const file = this.#file;
    if (file === null) return null;
    this.#file = null;
    this.#closedBytes += this.#fileBytes;
    this.#fileBytes = 0;
    const isDirty = this.#dirty;
    this.#dirty = false;
    this.#afterwards(async () => {
      try {
        if (isDirty) await this.#flush(file.fd);
      } finally {
        await closeFile(file.fd);
      }
    });
    const closed = file.path.replace(/\.open$/, ".closed");
    try {
      renameSync(file.path, closed);
    } catch (error) {
      this.#options.onError(error);
      return null;
    }
    return closed;
  }

  #flush(fd: number): Promise<void> {
    return (this.#options.flush ?? fsyncFile)(fd);
  }

  #afterwards(work: () => Promise<void>): void {
    this.#flushed = this.#flushed.then(work).catch(this.#options.onError);
  }
}

function sizeOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true ? found.size : 0;
}
