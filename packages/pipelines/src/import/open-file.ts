import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { ApiError } from "@recsys/contracts";
import { csvRecords, jsonlRecords, type RecordBatches } from "./batches.ts";
import { parquetRecords } from "./parquet.ts";
import type { FileFormat, SourceRecord } from "./record.ts";

export interface FileChoice {
  readonly path: string;
  /** Overrides what the content and the name tell. */
  readonly format?: FileFormat;
  readonly delimiter?: string;
}

/** A file whose kind and columns are known and whose rows can be read once, in bounded memory. */
export interface OpenedFile {
  readonly format: FileFormat;
  readonly compressed: boolean;
  readonly bytes: number;
  /** Header of a CSV, schema of a Parquet file, keys of the first JSONL object. */
  readonly columns: readonly string[];
  /** Bytes of the file consumed so far; for progress. */
  bytesRead(): number;
  records(): RecordBatches;
  /** For files that were only looked at. */
  close(): Promise<void>;
}

/**
 * Opens a CSV, JSONL or Parquet file, the first two plain or gzip, told by
 * magic bytes. Throws UPLOAD_INVALID for anything else.
 */
export async function openFile(choice: FileChoice): Promise<OpenedFile> {
  const head = await firstBytes(choice.path);
  const compressed = head[0] === 0x1f && head[1] === 0x8b;
  const format = choice.format ?? formatOf(choice.path, { head, compressed });
  refuseForeign(head, choice.path);
  if ((format === "parquet") !== isParquet(head)) {
    throw unreadable(choice.path, `it is not a ${format} file by its content`);
  }
  const { size } = await stat(choice.path);
  let consumed = 0;
  const pieces = () =>
    textPieces(choice.path, { compressed, onBytes: (n) => (consumed += n) });
  const batches = {
    csv: () => csvRecords(pieces(), choice.delimiter),
    jsonl: () => jsonlRecords(pieces()),
    parquet: () => parquetRecords(choice.path),
  }[format]();
  const first = await readFirst(batches, choice.path);
  return {
    format,
    compressed,
    bytes: size,
    columns: first.columns,
    bytesRead: () => (format === "parquet" ? size : consumed),
    records: () => first.all,
    close: first.close,
  };
}

/** SHA-256 of the bytes as they lie on disk, 64 hexadecimal digits. */
export async function fileHash(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path))
    hash.update(chunk as Buffer);
  return hash.digest("hex");
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path).catch((cause: unknown) => {
    throw unreadable(path, "it cannot be opened", cause);
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0);
    if (bytesRead === 0) throw unreadable(path, "it is empty");
    return buffer.subarray(0, bytesRead);
  } catch (cause) {
    if (cause instanceof ApiError) throw cause;
    throw unreadable(path, "it cannot be read", cause);
  } finally {
    await file.close();
  }
}

function isParquet(head: Buffer): boolean {
  return head.subarray(0, 4).toString("latin1") === "PAR1";
}

function formatOf(
  path: string,
  found: { readonly head: Buffer; readonly compressed: boolean },
): FileFormat {
  if (isParquet(found.head)) return "parquet";
  const name = path.toLowerCase().replace(/[.]gz$/, "");
  if (/[.](jsonl|ndjson)$/.test(name)) return "jsonl";
  if (/[.](csv|tsv|txt)$/.test(name)) return "csv";
  return !found.compressed &&
    found.head.toString("utf8").trimStart().startsWith("{")
    ? "jsonl"
    : "csv";
}

/** Kinds of files that people send by mistake, told apart so that the message can say what to do. */
function refuseForeign(head: Buffer, path: string): void {
  if (head[0] === 0x50 && head[1] === 0x4b) {
    throw unreadable(
      path,
      "it is a zip archive or a spreadsheet; unpack it, or save it as CSV",
    );
  }
  const mark = head.subarray(0, 2).toString("hex");
  if (mark === "fffe" || mark === "feff") {
    throw unreadable(path, "it is UTF-16; save it as UTF-8");
  }
}

async function* textPieces(
  path: string,
  options: {
    readonly compressed: boolean;
    readonly onBytes: (n: number) => void;
  },
): AsyncGenerator<string> {
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  file.on("data", (chunk) => {
    options.onBytes(chunk.length);
  });
  const gunzip = options.compressed ? createGunzip() : undefined;
  file.on("error", (error) => gunzip?.destroy(error));
  const bytes = gunzip === undefined ? file : file.pipe(gunzip);
  // Drops a byte order mark at the start; what is not UTF-8 becomes U+FFFD.
  const decoder = new TextDecoder("utf-8");
  try {
    for await (const chunk of bytes) {
      yield decoder.decode(chunk as Buffer, { stream: true });
    }
    yield decoder.decode();
  } finally {
    file.destroy();
    gunzip?.destroy();
  }
}

interface FirstRead {
  readonly columns: readonly string[];
  readonly all: RecordBatches;
  readonly close: () => Promise<void>;
}

/** Reads the first batch, so that columns are known before anything is decided. */
async function readFirst(
  source: {
    readonly columns?: () => readonly string[];
    readonly batches: RecordBatches;
  },
  path: string,
): Promise<FirstRead> {
  const iterator = withReadErrors(source.batches, path);
  const first = await iterator.next();
  const batch = first.done === true ? [] : first.value;
  const columns =
    source.columns?.() ??
    Object.keys(batch.find((r) => r.problem === undefined)?.values ?? {});
  const close = async () => {
    await iterator.return(undefined);
  };
  return { columns, all: rejoin(batch, iterator), close };
}

async function* rejoin(
  first: readonly SourceRecord[],
  rest: AsyncGenerator<readonly SourceRecord[]>,
): AsyncGenerator<readonly SourceRecord[]> {
  try {
    yield first;
    for (;;) {
      const next = await rest.next();
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await rest.return(undefined);
  }
}

/** A damaged archive or disk ends in one sentence about the file. */
async function* withReadErrors(
  batches: RecordBatches,
  path: string,
): AsyncGenerator<readonly SourceRecord[]> {
  try {
    yield* batches;
  } catch (cause) {
    if (cause instanceof ApiError) throw cause;
    const said = cause instanceof Error ? cause.message : String(cause);
    throw unreadable(path, `reading it failed (${said})`, cause);
  }
}

/** UPLOAD_INVALID about one file. */
export function unreadable(
  path: string,
  why: string,
  cause?: unknown,
): ApiError {
  return new ApiError("UPLOAD_INVALID", { detail: `${path}: ${why}.`, cause });
}
