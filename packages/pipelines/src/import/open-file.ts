import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { ApiError, messageOf, type ApiErrorFacts } from "@recsys/contracts";
import { csvRecords, jsonlRecords, type RecordBatches } from "./batches.ts";
import {
  DEFAULT_LIMITS,
  EXPANSION_FROM,
  MAX_EXPANSION,
  type ImportLimits,
} from "./limits.ts";
import { parquetRecords } from "./parquet.ts";
import type { FileFormat, SourceRecord } from "./record.ts";
import { utf8Text } from "./utf8-text.ts";

export interface FileChoice {
  readonly path: string;
  /** Overrides what the content and the name tell. */
  readonly format?: FileFormat;
  readonly delimiter?: string;
  readonly limits?: ImportLimits;
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
  const limits = choice.limits ?? DEFAULT_LIMITS;
  const pieces = () =>
    utf8Text(
      bytesWithin(
        unpacked(choice.path, { compressed, onBytes: (n) => (consumed += n) }),
        { path: choice.path, most: limits.bytes, packed: () => consumed },
      ),
    );
  const batches = {
    csv: () => csvRecords(pieces(), choice.delimiter),
    jsonl: () => jsonlRecords(pieces()),
    parquet: () => parquetRecords(choice.path),
  }[format]();
  const first = await readFirst(batches, {
    path: choice.path,
    rows: limits.rows,
  });
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
    throw unreadable(path, "it cannot be opened", {
      cause,
      fix: "Let this account read it.",
    });
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0);
    if (bytesRead === 0) throw unreadable(path, "it is empty", SAID);
    return buffer.subarray(0, bytesRead);
  } catch (cause) {
    if (cause instanceof ApiError) throw cause;
    throw unreadable(path, "it cannot be read", { cause });
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
      SAID,
    );
  }
  const mark = head.subarray(0, 2).toString("hex");
  if (mark === "fffe" || mark === "feff") {
    throw unreadable(path, "it is UTF-16; save it as UTF-8", SAID);
  }
}

const CHUNK_BYTES = 262_144;

async function* unpacked(
  path: string,
  options: {
    readonly compressed: boolean;
    readonly onBytes: (n: number) => void;
  },
): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  file.on("data", (chunk) => {
    options.onBytes(chunk.length);
  });
  const gunzip = options.compressed
    ? createGunzip({ chunkSize: CHUNK_BYTES })
    : undefined;
  file.on("error", (error) => gunzip?.destroy(error));
  const bytes = gunzip === undefined ? file : file.pipe(gunzip);
  try {
    for await (const chunk of bytes) yield chunk as Buffer;
  } finally {
    file.destroy();
    gunzip?.destroy();
  }
}

/** The bytes, as long as there are no more than a file may have: an archive can unpack to anything. */
async function* bytesWithin(
  pieces: AsyncIterable<Buffer>,
  o: {
    readonly path: string;
    readonly most: number;
    readonly packed: () => number;
  },
): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (bytes > o.most) {
      throw unreadable(
        o.path,
        `it has more than ${Math.round(o.most / 1_048_576)} MiB, unpacked (RECSYS_IMPORT_MAX_MB); split it, or raise the setting`,
        SAID,
      );
    }
    if (bytes > EXPANSION_FROM && bytes > o.packed() * MAX_EXPANSION) {
      throw unreadable(
        o.path,
        `it unpacks to more than ${MAX_EXPANSION} times its size, as no table does; unpack it first if that is right`,
        SAID,
      );
    }
    yield piece;
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
  file: { readonly path: string; readonly rows: number },
): Promise<FirstRead> {
  const iterator = withReadErrors(source.batches, file);
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
  { path, rows }: { readonly path: string; readonly rows: number },
): AsyncGenerator<readonly SourceRecord[]> {
  let seen = 0;
  try {
    for await (const batch of batches) {
      seen += batch.length;
      if (seen > rows) {
        throw unreadable(
          path,
          `it has more than ${rows} rows (RECSYS_IMPORT_MAX_ROWS); split it, or raise the setting`,
          SAID,
        );
      }
      yield batch;
    }
  } catch (cause) {
    if (cause instanceof ApiError) throw cause;
    const said = messageOf(cause);
    throw unreadable(path, `reading it failed (${said})`, { cause });
  }
}

type Facts = Pick<ApiErrorFacts, "cause" | "fix">;

/** The reason says what to do. */
export const SAID: Facts = { fix: null };

/** UPLOAD_INVALID about one file; `fix` where format, compression and columns are not what is wrong. */
export function unreadable(
  path: string,
  why: string,
  facts: Facts = {},
): ApiError {
  return new ApiError("UPLOAD_INVALID", {
    detail: `${path}: ${why}.`,
    ...facts,
  });
}

/** UPLOAD_INVALID about a file that is not there. */
export function noSuchFile(path: string, cause: unknown): ApiError {
  return unreadable(path, "there is no such file", {
    cause,
    fix: `Check the path; a relative one starts at ${process.cwd()}.`,
  });
}
