import { appendFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** A line of a segment that will never be a row, with the reason. */
export interface RejectedLine {
  readonly segment: string;
  /** From 1; null where the decision never was a line that was read. */
  readonly line: number | null;
  readonly reason: string;
  readonly requestId: string | null;
  /** The beginning of what stood there. */
  readonly text: string;
}

/** So much of a line is kept: whole decisions without samples fit. */
export const KEPT_CHARACTERS = 65_536;

/** What one segment has for setting aside: all of it is counted, and kept as far as there may be room. */
export class Rejections {
  readonly lines: RejectedLine[] = [];
  readonly #maxBytes: number;
  #bytes = 0;
  #count = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get count(): number {
    return this.#count;
  }

  add(line: RejectedLine): void {
    this.#count += 1;
    const text = line.text.slice(0, KEPT_CHARACTERS);
    this.#bytes += text.length + 100;
    if (this.#bytes <= this.#maxBytes) this.lines.push({ ...line, text });
  }
}

const FILE = "rejected.ndjson";

/** Decisions that cannot be shipped, for people to look at; never more than `maxBytes` of them. */
export class RejectedLines {
  readonly #path: string;
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(directory: string, maxBytes: number) {
    this.#path = join(directory, FILE);
    this.#maxBytes = maxBytes;
  }

  /** Size of the file when it was last looked at. */
  get bytes(): number {
    return this.#bytes;
  }

  async count(): Promise<void> {
    this.#bytes = await sizeOf(this.#path);
  }

  /** Appends what has room. The file may be moved away or deleted at any time. */
  async append(lines: readonly RejectedLine[]): Promise<void> {
    await this.count();
    let text = "";
    for (const one of lines) {
      const next = `${JSON.stringify(one)}\n`;
      const bytes = Buffer.byteLength(next);
      if (this.#bytes + bytes > this.#maxBytes) continue;
      text += next;
      this.#bytes += bytes;
    }
    if (text !== "") await appendFile(this.#path, text, { mode: 0o600 });
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw error;
  }
}
