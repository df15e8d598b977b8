import { open, type FileHandle } from "node:fs/promises";
import { unreadable } from "./open-file.ts";
import type { RowProblem } from "./record.ts";

/** One line of the error file: a row that was not loaded, and why. */
export interface ErrorLine extends RowProblem {
  readonly file: string;
  readonly line: number;
  readonly status: "rejected" | "dropped";
  /** The row as it was read, so that it can be mended and imported alone. */
  readonly raw: string;
}

/** Rows that were not loaded, as JSON lines. */
export interface ErrorFile {
  add(line: ErrorLine): void;
  /** Writes what was added; afterwards `bytes` is the length of the file. */
  flush(): Promise<void>;
  readonly bytes: number;
  close(): Promise<void>;
}

const MAX_RAW_CHARS = 10_000;

/**
 * Opens the error file at a known length: 0 for a new import, the length at
 * the last checkpoint for a resumed one, so that no line appears twice.
 */
export async function openErrorFile(
  path: string,
  length: number,
): Promise<ErrorFile> {
  const file = await openAt(path, length);
  await file.truncate(length);
  let bytes = length;
  let pending: string[] = [];
  return {
    add: (line) => {
      const raw = line.raw.slice(0, MAX_RAW_CHARS);
      pending.push(`${JSON.stringify({ ...line, raw })}\n`);
    },
    flush: async () => {
      if (pending.length === 0) return;
      const buffer = Buffer.from(pending.join(""));
      pending = [];
      await file.write(buffer, 0, buffer.length, bytes);
      bytes += buffer.length;
    },
    get bytes() {
      return bytes;
    },
    close: () => file.close(),
  };
}

async function openAt(path: string, length: number): Promise<FileHandle> {
  return open(path, length === 0 ? "w" : "r+").catch((cause: unknown) => {
    if (length === 0) {
      const fix = "Name another place with --errors.";
      throw unreadable(path, "it cannot be written", { cause, fix });
    }
    throw unreadable(
      path,
      "it is gone, and the interrupted import goes on with it; put it back, or name another to start over",
      { cause, fix: null },
    );
  });
}

/** Keeps nothing: for imports without an error file. */
export function noErrorFile(): ErrorFile {
  return {
    add: () => undefined,
    flush: () => Promise.resolve(),
    bytes: 0,
    close: () => Promise.resolve(),
  };
}
