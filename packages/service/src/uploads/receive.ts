import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ApiError } from "@recsys/contracts";
import { ownedName } from "../decisions/file-owner.ts";

/** A file as it arrived. */
export interface ReceivedFile {
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 of the bytes. */
  readonly hash: string;
}

let sequence = 0;

/** A new name for a received file; it says which process has it. */
export function partName(): string {
  return `${ownedName(sequence++)}.part`;
}

/** What a system says when a disk is full, read-only, failing or not ours. */
const STORAGE_CODES: readonly unknown[] = [
  "ENOSPC",
  "EDQUOT",
  "EROFS",
  "EACCES",
  "EPERM",
  "EIO",
  "EMFILE",
  "ENFILE",
  "ENOTDIR",
  "EFBIG",
];

/** Writes a stream to a file of its own. Throws BODY_TOO_LARGE or STORAGE_UNAVAILABLE and leaves nothing behind. */
export async function receiveFile(
  body: NodeJS.ReadableStream,
  directory: string,
  maxBytes: number,
): Promise<ReceivedFile> {
  const path = join(directory, partName());
  const digest = createHash("sha256");
  let bytes = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      digest.update(chunk);
      const error =
        bytes > maxBytes
          ? new ApiError("BODY_TOO_LARGE", {
              detail: `An upload has at most ${maxBytes} bytes.`,
            })
          : null;
      done(error, chunk);
    },
  });
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await pipeline(body, count, createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    // What could not be written may be impossible to remove as well.
    await rm(path, { force: true }).catch(() => undefined);
    const { code } = error as NodeJS.ErrnoException;
    if (!STORAGE_CODES.includes(code)) throw error;
    throw new ApiError("STORAGE_UNAVAILABLE", { cause: error });
  }
  return { path, bytes, hash: digest.digest("hex") };
}
