import { mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { ApiError, DAY_MS, type ExportedDecision } from "@recsys/contracts";
import type { WriteParquet } from "../jobs.ts";
import { isAbandoned, ownedName } from "./file-owner.ts";

/** Each takes a table in memory and disk for the whole file. */
const AT_ONCE = 2;
const RETRY_AFTER_SECONDS = 10;

/** Decisions as Parquet files for HTTP, a few at a time; each file lives until its answer has ended. */
export class ParquetExports {
  readonly #folder: string;
  readonly #write: WriteParquet;
  #underWay = 0;
  #sequence = 0;

  constructor(folder: string, write: WriteParquet) {
    this.#folder = folder;
    this.#write = write;
  }

  /**
   * Makes the file first, because Parquet has its index at the end, and reads
   * it then. Null when the client has left meanwhile. Throws TOO_MANY_REQUESTS.
   */
  async make(
    decisions: AsyncIterable<ExportedDecision>,
    hasLeft: () => boolean,
  ): Promise<Readable | null> {
    if (this.#underWay >= AT_ONCE) {
      throw new ApiError("TOO_MANY_REQUESTS", {
        detail: `${AT_ONCE} exports are under way; recsys audit export needs no turn.`,
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    }
    this.#underWay++;
    let stream: Readable | null = null;
    try {
      stream = await this.#open(whileThere(decisions, hasLeft), hasLeft);
      // Who reads slowly takes disk as well.
      stream?.once("close", () => this.#underWay--);
      return stream;
    } finally {
      if (stream === null) this.#underWay--;
    }
  }

  /** Deletes what processes that died have left. */
  async removeLeft(): Promise<void> {
    for (const name of await readdir(this.#folder).catch(() => [])) {
      const path = join(this.#folder, name);
      const found = await stat(path).catch(() => null);
      if (found === null) continue;
      // What is being made has a hidden folder of the same name beside it.
      const file = name.replace(/^[.]/, "");
      if (isAbandoned(file, Date.now() - found.mtimeMs, DAY_MS)) {
        await rm(path, { recursive: true, force: true });
      }
    }
  }

  async #open(
    decisions: AsyncIterable<ExportedDecision>,
    hasLeft: () => boolean,
  ): Promise<Readable | null> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const path = join(this.#folder, `${ownedName(this.#sequence++)}.parquet`);
    try {
      await this.#write(decisions, path);
      const file = await open(path, "r");
      // What is open can be read to its end.
      await rm(path);
      if (!hasLeft()) return file.createReadStream();
      await file.close();
      return null;
    } finally {
      await rm(path, { force: true });
    }
  }
}

async function* whileThere<T>(
  rows: AsyncIterable<T>,
  hasLeft: () => boolean,
): AsyncGenerator<T> {
  for await (const row of rows) {
    if (hasLeft()) return;
    yield row;
  }
}
