import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ContentHash } from "@recsys/contracts";
import {
  CHUNK_BYTES,
  type ObjectState,
  type ObjectStore,
  type Sink,
  assembling,
  hashOf,
  invalidObject,
  requireHash,
  verifying,
} from "./object-store.ts";

/** Objects as files under a directory, in folders of the first two digits. */
export function fsObjects(directory: string): ObjectStore {
  const pathOf = (hash: string) =>
    join(directory, requireHash(hash).slice(0, 2), hash);
  return {
    async put(bytes) {
      const hash = hashOf(bytes);
      const path = pathOf(hash);
      // An object of the same name may have been damaged since: only its content counts.
      if ((await stateOf(path, hash)) !== "whole")
        await writeWhole(path, bytes);
      return hash;
    },
    get: (hash, allocate = (n) => new Uint8Array(n)) =>
      readInto(pathOf(hash), hash, (size) => assembling(hash, allocate(size))),
    has: async (hash) => (await sizeOf(pathOf(hash))) !== null,
    check: (hash) => stateOf(pathOf(hash), hash),
    remove: (hash) => rm(pathOf(hash), { force: true }),
    list: () => listFiles(directory),
  };
}

/** Writes beside the target and renames: a reader sees all or nothing, also after a power cut. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomBytes(6).toString("hex")}.draft`;
  try {
    const file = await open(draft, "wx");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
    await syncDirectory(dirname(path));
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** What cannot be read counts as damaged: it is of no use, and is written anew where its bytes are known. */
async function stateOf(path: string, hash: ContentHash): Promise<ObjectState> {
  if ((await sizeOf(path)) === null) return "missing";
  return readInto(path, hash, (size) => verifying(hash, size)).then(
    () => "whole",
    () => "damaged",
  );
}

async function syncDirectory(path: string): Promise<void> {
  if (process.platform === "win32") return; // Directories cannot be opened there.
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function readInto<T>(
  path: string,
  hash: ContentHash,
  sinkOf: (size: number) => Sink<T>,
): Promise<T> {
  const size = await sizeOf(path);
  if (size === null) throw invalidObject(hash, "it is not in the object store");
  const file = await open(path, "r");
  try {
    const sink = sinkOf(size);
    const buffer = Buffer.alloc(Math.min(CHUNK_BYTES, Math.max(size, 1)));
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return sink.finish();
      sink.add(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

async function* listFiles(directory: string) {
  for (const folder of await namesIn(directory)) {
    for (const name of await namesIn(join(directory, folder))) {
      if (!/^[0-9a-f]{64}$/.test(name)) continue;
      const bytes = await sizeOf(join(directory, folder, name));
      if (bytes !== null) yield { hash: name as ContentHash, bytes };
    }
  }
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    (error.code === "ENOENT" || error.code === "ENOTDIR")
  );
}
